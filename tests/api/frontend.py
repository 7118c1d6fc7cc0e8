"""A frontend that knows no insurer: it follows steps, requirements and next actions, and reads its mail."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias
from uuid import uuid4

import aiohttp
from graphql import parse, print_ast
from graphql.utilities import separate_operations

from insurers.sandbox import Letter

HERE = Path(__file__).parent
OPERATIONS = (HERE / "operations.graphql").read_text(encoding="utf-8")
CUSTOMERS: Mapping[str, Any] = json.loads((HERE / "customers.json").read_text(encoding="utf-8"))
# Who shows one thing at one insurer, by the name that its sandbox gives them.
PERSONAS: Mapping[str, Any] = json.loads((HERE / "personas.json").read_text(encoding="utf-8"))
PEOPLE: Mapping[str, Any] = {**CUSTOMERS, **PERSONAS}

# GraphQL answers are whatever was asked for.
Json: TypeAlias = dict[str, Any]
Override = Callable[[Json], Json | None]
# Sends what is given in the messenger, as a person does on the phone.
Messenger = Callable[[str], Awaitable[None]]


def key() -> str:
    return str(uuid4())


def codes(done: Json) -> list[str]:
    """Answer why it was not done, in codes."""
    return [error["code"] for error in done["errors"]]


class Frontend:
    """One signed-in customer at a gateway."""

    def __init__(
        self, http: aiohttp.ClientSession, url: str, token: str | None, person: str, letters: Sequence[Letter]
    ) -> None:
        self.http = http
        self.url = url
        self.person: Json = PEOPLE[person]
        self.letters = letters
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.noted: str | None = None
        self.messenger: Messenger | None = None

    async def raw(self, document: str, variables: Json | None = None, operation: str | None = None) -> Json:
        """Post a document and answer the whole response, errors and all."""
        body = {"query": document, "variables": variables or {}, "operationName": operation}
        async with self.http.post(f"{self.url}/graphql", json=body, headers=self.headers) as response:
            answer: Json = await response.json()
        # What it cost is another matter, and another every time.
        answer.get("extensions", {}).pop("cost", None)
        return {name: said for name, said in answer.items() if said or name != "extensions"}

    async def run(self, operation: str, **variables: Any) -> Json:
        """Run one of `operations.graphql` and answer the whole response, errors and all."""
        return await self.raw(only(operation), variables, operation)

    async def do(self, operation: str, **variables: Any) -> Json:
        """Run one of `operations.graphql` and answer the value of its only root field."""
        answer = await self.run(operation, **variables)
        assert "errors" not in answer, answer["errors"]
        (value,) = answer["data"].values()
        return value  # type: ignore[no-any-return]  # As above: whatever was asked for.

    async def mutate(self, operation: str, **fields: Any) -> Json:
        return await self.do(operation, input={"idempotencyKey": key(), **fields})

    # ---- signing in

    async def sign_in(self, insurer: str) -> Json:
        """Open the account with its password, and with the passcode that may be mailed; answer the link."""
        done = await self.mutate(
            "InsurerLinkCreate",
            insurer={"code": insurer},
            userId=self.person["mail"],
            password=self.person["password"],
        )
        if done["link"]["challenge"]:
            challenge = done["link"]["challenge"]["id"]
            done = await self.mutate("ChallengeAnswer", challengeId=challenge, answer=self.passcode())
        return done["link"]  # type: ignore[no-any-return]  # As above.

    # ---- registering

    async def method(self, insurer: str, place: int = 0) -> str:
        methods = (await self.raw(METHODS, {"code": insurer}))["data"]["insurer"]["registrationMethods"]
        return methods[place]["key"]  # type: ignore[no-any-return]  # As above.

    async def begin(self, insurer: str, method: int = 0) -> Json:
        chosen = await self.method(insurer, method)
        done = await self.mutate("RegistrationStart", insurer={"code": insurer}, methodKey=chosen)
        assert [] == done["errors"]
        return done["registration"]  # type: ignore[no-any-return]  # As above.

    async def register(self, insurer: str, override: Override | None = None) -> Json:
        """Register, and answer the registration where it came to rest."""
        registration = await self.begin(insurer)
        return await self.follow_registration(registration, override)

    async def follow_registration(
        self, registration: Json, override: Override | None = None, until: str | None = None
    ) -> Json:
        while (step := registration["currentStep"]) is not None and step["key"] != until:
            done = await self.answer("RegistrationStepAnswer", registration, step, override)
            registration = done["registration"]
            if done["errors"]:
                return registration | {"errors": done["errors"]}
        return registration

    async def answers(self, flow: Json, step: Json, override: Override | None = None) -> list[Json]:
        """Answer everything that one open step asks for, as a step's answer takes it."""
        return [
            {"requirementKey": need["key"], "value": value} | _losses_read(value, flow)
            for need in step["requirements"]
            if (value := (override and override(need)) or await self._value(need, flow)) is not None
        ]

    async def answer(
        self, operation: str, flow: Json, step: Json, override: Override | None = None, **fields: Any
    ) -> Json:
        """Answer one open step; *fields* take the place of what would be sent."""
        said = {
            "flowId": flow["id"],
            "stepId": step["id"],
            "expectedVersion": flow["version"],
            "answers": await self.answers(flow, step, override),
        }
        done = await self.mutate(operation, **(said | fields))
        # A person writes down what is shown once.
        challenge = (done.get("registration") or {}).get("challenge") or {}
        self.noted = challenge.get("displayOnce") or self.noted
        return done

    async def _value(self, need: Json, flow: Json) -> Json | None:
        return await _ANSWERS[need["__typename"]](self, need, flow)

    async def advance(self, flow: Json) -> Json:
        """Answer the open step of either flow, and answer the flow as it then stands."""
        operation, name = _FLOWS[flow["__typename"]]
        done = await self.answer(operation, flow, flow["currentStep"])
        assert [] == done["errors"], done["errors"]
        return done[name]  # type: ignore[no-any-return]  # As above.

    async def typed(self, need: Json, flow: Json) -> Json | None:
        fields, kind = self.person["fields"], need["inputKind"]
        if need["key"] in self.person.get("secrets", {}):
            return {"secret": self.person["secrets"][need["key"]]}
        if kind == "PASSWORD":
            return {"secret": self.person["password"]}
        if need["sensitive"]:
            return None
        if kind == "POLICY_NUMBERS":
            return {"choices": self.person["policies"][flow["insurer"]["code"]]}
        if kind == "BOOLEAN":
            # "Still holds?" is yes and "applies to me?" is no; the keys of declarations say which they are.
            return {"choice": _truth(need["key"])}
        if need["options"]:
            best = [option["value"] for option in need["options"] if option["recommended"]]
            return {"choice": need["suggested"] or (best or [option["value"] for option in need["options"]])[0]}
        if need["key"] in fields:
            return {"text": fields[need["key"]]}
        if kind in _TYPICAL:
            return _TYPICAL[kind] if need["suggested"] is None else {"text": need["suggested"]}
        return None

    async def ticked(self, need: Json, flow: Json) -> Json:
        assert need["statement"]
        if (flow.get("challenge") or {}).get("kind") == "LINKING_CODE":
            assert self.noted is not None
            assert self.messenger is not None
            await self.messenger(self.noted)
        return {"confirmed": True}

    async def opened(self, need: Json, flow: Json) -> Json:
        async with self.http.get(need["document"]["url"]) as response:
            assert 200 == response.status
            assert (await response.read()).startswith(b"%PDF")
        return {"documentOpened": need["document"]["id"]}

    async def picked(self, need: Json, flow: Json) -> Json:
        chosen = flow["selectedPlan"] or flow["plans"][0]
        return {"planId": chosen["id"]}

    async def brought(self, need: Json, flow: Json) -> Json:
        return {"link": self.link()}

    async def remembered(self, need: Json, flow: Json) -> Json:
        if need["challengeKind"] == "TEMPORARY_PASSWORD":
            return {"secret": self.temporary_password()}
        assert self.noted is not None
        return {"secret": self.noted}

    def mail(self) -> Letter:
        return [letter for letter in self.letters if letter.to == self.person["mail"]][-1]

    def link(self) -> str:
        found = re.search(r"https?://\S+", self.mail().text)
        assert found
        return found[0]

    def temporary_password(self) -> str:
        found = re.search(r"パスワード[:：]\s*(\S+)", self.mail().text)
        assert found
        return found[1]

    def passcode(self) -> str:
        found = re.search(r"(?<!\d)\d{6,8}(?!\d)", self.mail().text)
        assert found
        return found[0]

    # ---- renewing

    async def policies(self, **variables: Any) -> Json:
        return await self.do("Policies", **variables)

    async def policy_id(self, insurer: str, place: int = 0) -> str:
        number = self.person["policies"][insurer][place]
        found = await self.policies(first=100)
        return next(edge["node"]["id"] for edge in found["edges"] if edge["node"]["number"] == number)  # type: ignore[no-any-return]  # Whatever was asked for.

    async def start(self, insurer: str, place: int = 0) -> Json:
        done = await self.mutate("RenewalStart", policy={"id": await self.policy_id(insurer, place)})
        assert [] == done["errors"], done["errors"]
        return done["renewal"]  # type: ignore[no-any-return]  # As above.

    async def follow(self, renewal: Json, override: Override | None = None, until: str | None = None) -> Json:
        """Answer step after step, up to READY, to the step of kind *until*, or to the first error."""
        while renewal["status"] == "IN_PROGRESS" and (step := renewal["currentStep"]) is not None:
            if step["kind"] == until:
                return renewal
            done = await self.answer("RenewalStepAnswer", renewal, step, override)
            renewal = done["renewal"]
            if done["errors"]:
                return renewal | {"errors": done["errors"]}
        return renewal

    async def ready(self, insurer: str, override: Override | None = None) -> Json:
        renewal = await self.follow(await self.start(insurer), override)
        assert "READY" == renewal["status"], renewal
        return renewal

    async def choose(self, renewal: Json, plan: Json, **fields: Any) -> Json:
        """Choose a plan, and say that what it loses was read."""
        told = {"renewalId": renewal["id"], "planId": plan["id"], "expectedVersion": renewal["version"]}
        return await self.mutate("RenewalPlanSelect", **(told | {"acknowledgedLosses": plan["lossesHash"]} | fields))

    async def requote(self, renewal: Json, plan: Json, *changes: Json, **fields: Any) -> Json:
        told = {"renewalId": renewal["id"], "planId": plan["id"], "expectedVersion": renewal["version"]}
        return await self.mutate("RenewalRequote", **(told | {"changes": list(changes)} | fields))

    async def submit(self, renewal: Json, **fields: Any) -> Json:
        told = {
            "renewalId": renewal["id"],
            "expectedVersion": renewal["version"],
            "reviewHash": renewal["reviewHash"],
        }
        return await self.mutate("RenewalSubmit", **(told | fields))

    async def read(self, renewal: Json) -> Json:
        return await self.do("RenewalRead", id=renewal["id"])

    async def covered(self, renewal: Json) -> list[Json]:
        """Every plan with its covers as they stand."""
        return list((await self.do("RenewalCovers", id=renewal["id"]))["plans"])


_ANSWERS: Mapping[str, Callable[[Frontend, Json, Json], Awaitable[Json | None]]] = {
    "FieldRequirement": Frontend.typed,
    "ConfirmationRequirement": Frontend.ticked,
    "DocumentRequirement": Frontend.opened,
    "PlanRequirement": Frontend.picked,
    "OutOfBandRequirement": Frontend.brought,
    "ChallengeRequirement": Frontend.remembered,
}

_FLOWS = {"Registration": ("RegistrationStepAnswer", "registration"), "Renewal": ("RenewalStepAnswer", "renewal")}

_TYPICAL: Mapping[str, Json] = {
    "INTEGER": {"number": 2},
    "YEAR_MONTH": {"text": "2028-02"},
    "DATE": {"date": "1975-01-01"},
    "PHONE": {"text": "090-1234-5678"},
    "TEXT": {"text": "見本"},
}

METHODS = "query ($code: String!) { insurer(by: { code: $code }) { registrationMethods { key } } }"


def _losses_read(value: Json, flow: Json) -> Json:
    """Say that what a plan loses was read, where the answer is a plan."""
    found = [plan["lossesHash"] for plan in flow.get("plans", []) if plan["id"] == value.get("planId")]
    return {"acknowledgedLosses": found[0]} if found else {}


def _truth(requirement: str) -> str:
    return "true" if re.search("still|holds|meets|met|wanted|mail|trusted|condition", requirement) else "false"


@cache
def only(operation: str) -> str:
    """Answer the document of one operation: itself and the fragments it reaches."""
    return print_ast(separate_operations(parse(OPERATIONS))[operation])
