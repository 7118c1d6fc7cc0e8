"""The way into any account at any insurer: from data alone, one next action after the other."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tests.api.conftest import Town
from tests.api.frontend import Frontend, Json, Override

# No way is longer; a test whose way goes in circles ends here.
LONGEST = 20

# What these are about is an account that is open already.
WITHIN_ACCOUNT = frozenset({"ADD_POLICIES", "LINK_MESSENGER"})


def persona(town: Town, name: str) -> "Walker":
    """Answer somebody of the sandboxes, signed in at the gateway and nowhere else."""
    return Walker(town, town.customer(name))


class Walker:
    """A person with a phone and a mailbox in front of a frontend."""

    def __init__(self, town: Town, frontend: Frontend) -> None:
        self.town = town
        self.frontend = frontend
        frontend.messenger = self._send

    @property
    def person(self) -> Json:
        return self.frontend.person

    @property
    def insurer(self) -> str:
        return self.person["insurer"]  # type: ignore[no-any-return]  # JSON.

    def becomes(self, **fields: Any) -> None:  # Whatever a person of the JSON has.
        self.frontend.person = self.person | fields

    def enters(self, **fields: str) -> None:
        self.becomes(fields=self.person["fields"] | fields)

    async def methods(self) -> list[Json]:
        return (await self.frontend.do("Methods", code=self.insurer))["registrationMethods"]  # type: ignore[no-any-return]  # Whatever was asked for.

    async def first_time(self) -> str:
        """Answer the key of the way that the insurer recommends to whoever is not registered."""
        return next(method["key"] for method in await self.methods() if method["purpose"] == "FIRST_TIME")  # type: ignore[no-any-return]  # Whatever was asked for.

    async def started(self, method: str | None = None) -> Json:
        """Choose a method by its key, and begin."""
        chosen = method or self.person["method"]
        purpose = next(known["purpose"] for known in await self.methods() if known["key"] == chosen)
        return await self._started(chosen, purpose)

    async def _started(self, method: str, purpose: str) -> Json:
        wanted = {"insurer": {"code": self.insurer}, "methodKey": method, "purpose": purpose}
        done = await self.frontend.mutate("RegistrationStart", **wanted)
        assert [] == done["errors"], done["errors"]
        return done["registration"]  # type: ignore[no-any-return]  # GraphQL answers are whatever was asked for.

    async def walk(self, registration: Json, override: Override | None = None, until: str | None = None) -> Json:
        """Take one next action after the other to the end, to the status *until*, or to the first error."""
        for _ in range(LONGEST):
            if not registration["nextActions"] or registration["status"] == until:
                return registration
            registration = await self.take(self._chosen(registration), registration, override)
            if registration.get("errors"):
                return registration
        raise AssertionError(registration["status"])

    async def take(self, action: Json, registration: Json, override: Override | None = None) -> Json:
        done = await _DEEDS[action["kind"]](self, action, registration, override)
        return done["registration"] | {"errors": done["errors"]}  # type: ignore[no-any-return]  # As above.

    async def arrive(self, method: str | None = None, override: Override | None = None) -> Json:
        """Walk the whole way, and say what kept from it if it does not end in an account."""
        there = await self.walk(await self.started(method), override)
        assert "COMPLETED" == there["status"], (there["status"], there.get("errors"), there["trouble"])
        return there

    async def signed_in(self, **fields: str) -> Json:
        """Sign in with an account that is there from the start, and answer the link."""
        said = {"insurer": {"code": self.insurer}} | self.person["account"] | fields
        done = await self.frontend.mutate("InsurerLinkCreate", **said)
        assert [] == done["errors"], done["errors"]
        return await self.answered(done["link"])

    async def answered(self, link: Json, **fields: Any) -> Json:  # Whatever that input takes.
        """Answer whatever the insurer asks of a link, out of the mail."""
        while asked := [action for action in link["nextActions"] if action["kind"] == "ANSWER_CHALLENGE"]:
            challenge = asked[0]["challenge"]["id"]
            said = {"challengeId": challenge, "answer": self.frontend.passcode()} | fields
            done = await self.frontend.mutate("ChallengeAnswer", **said)
            assert [] == done["errors"], done["errors"]
            link = done["link"]
        assert "LINKED" == link["state"]
        return link

    async def inside(self) -> None:
        """Have an account that is open: sign in, or register."""
        await (self.signed_in() if "account" in self.person else self.arrive(await self.first_time()))

    async def numbers(self) -> set[str]:
        """Answer the policies that are shown, and fail when the insurer did not show any."""
        found = await self.frontend.do("Providers")
        told = next(each for each in found["providers"] if each["insurer"]["code"] == self.insurer)
        assert "OK" == told["state"], told
        return {edge["node"]["number"] for edge in found["edges"] if edge["node"]["insurer"]["code"] == self.insurer}

    def _chosen(self, registration: Json) -> Json:
        offered = {action["kind"]: action for action in registration["nextActions"]}
        waits = (registration["challenge"] or {}).get("channel") == "EMAIL"
        if "REGISTER_ANEW" in offered and waits and not self._has_mail():
            return offered["REGISTER_ANEW"]  # type: ignore[no-any-return]  # As above.
        return next(action for action in registration["nextActions"] if action["primary"])

    def _has_mail(self) -> bool:
        return any(letter.to == self.person["mail"] for letter in self.frontend.letters)

    async def answer_step(self, action: Json, registration: Json, override: Override | None) -> Json:
        return await self.frontend.answer("RegistrationStepAnswer", registration, action["step"], override)

    async def begin_again(self, action: Json, registration: Json, override: Override | None) -> Json:
        return await self.frontend.mutate("RegistrationMessageResend", registrationId=registration["id"])

    async def register_anew(self, action: Json, registration: Json, override: Override | None) -> Json:
        """The old mailbox is dead, so it is done with another one."""
        mail = self.person["another mail"]
        self.becomes(mail=mail)
        self.enters(email=mail, user_id=mail)
        begun = await self._started(action["method"]["key"], action["method"]["purpose"])
        return {"registration": begun, "errors": []}

    async def _send(self, text: str) -> None:
        phone = self.person["messenger"]
        _, address = next(house for code, house in self.town.houses.items() if code == self.insurer)
        said = phone["sender"] | {phone["message"]: text}
        async with self.town.http.post(address.control_url + phone["path"], json=said) as response:
            assert 200 == response.status


_DEEDS: Mapping[str, Callable[[Walker, Json, Json, Override | None], Awaitable[Json]]] = {
    "ANSWER_STEP": Walker.answer_step,
    "RESEND_MESSAGE": Walker.begin_again,
    "REGISTER_ANEW": Walker.register_anew,
}
