"""The main job, chapter by chapter, as a customer at a frontend would live it."""

import asyncio
from collections.abc import Sequence

from gateway.demo import comparing, tables
from gateway.demo.client import Answer, Desk
from gateway.demo.forms import Forms
from gateway.demo.inbox import Inbox
from gateway.demo.teller import Teller, Unverified
from insurers.text import Language

# The cover whose change is told; own damage moves a premium most.
TO_CHANGE = ("OWN_DAMAGE", "PERSONAL_INJURY", "LAWYER_COST", "RENTAL_CAR")

# How long the insurer may take to show its last screen, where it did not at once.
LOOKS = 100
BETWEEN_LOOKS_SECONDS = 0.1


class Story:
    def __init__(self, desk: Desk, forms: Forms, inbox: Inbox, teller: Teller) -> None:
        self._desk = desk
        self._forms = forms
        self._inbox = inbox
        self._teller = teller

    async def tell(self) -> list[Answer]:
        """Answer the outcome of each renewal."""
        insurers = await self.enrol()
        policies = await self._policies(insurers)
        renewals = await self._compare(policies)
        renewals = [await self._requote(renewal) for renewal in renewals]
        self._teller.chapter("更新", "Renewing: every step as the insurer puts it, up to its button")
        renewals = [await self._walk(renewal) for renewal in renewals]
        return await self._submit(renewals)

    async def enrol(self) -> list[Answer]:
        """Register with every insurer, and answer them."""
        insurers = await self._insurers()
        await self._register(insurers)
        return insurers

    async def _insurers(self) -> list[Answer]:
        self._teller.chapter("保険会社", "Who is there, and how each wants to be spoken to")
        answer = await self._desk.ask("Insurers")
        insurers = [edge["node"] for edge in answer["insurers"]["edges"]]
        for insurer in insurers:
            hours = ", ".join(f"{w['service']} {w['label']}" for w in insurer["availability"]["windows"])
            methods = "; ".join(method["label"] for method in insurer["registrationMethods"])
            self._teller.step(insurer["name"], f"{insurer['renewalWord']} · {hours or 'always open'} · {methods}")
        name = answer["viewer"]["customer"]["name"]
        self._teller.check(
            f"signed in as {answer['viewer']['displayName']}",
            expected="三住 太郎",
            actual=f"{name['family']} {name['given']}",
        )
        return insurers

    async def _register(self, insurers: Sequence[Answer]) -> None:
        self._teller.chapter("登録", "Registering: one form renderer for every insurer's questions")
        for insurer in insurers:
            method = insurer["registrationMethods"][0]
            self._teller.scene(f"{insurer['name']}: {method['label']}")
            started = await self._desk.order(
                "RegistrationStart", {"insurer": {"code": insurer["code"]}, "methodKey": method["key"]}
            )
            flow = started["registration"]
            while step := flow["currentStep"]:
                flow = await self._answer("RegistrationStepAnswer", "registration", flow, step)
                self._forms.watch(flow)
            read = (await self._desk.ask("Registration", id=flow["id"]))["registration"]
            self._teller.check(
                f"registered and linked as {read['link'] and read['link']['userIdHint']}",
                expected=("COMPLETED", "LINKED"),
                actual=(read["status"], read["link"] and read["link"]["state"]),
            )

    async def _policies(self, insurers: Sequence[Answer]) -> list[Answer]:
        self._teller.chapter("ご契約", "One query, every insurer's policies")
        answer = (await self._desk.ask("Policies"))["policies"]
        policies = [edge["node"] for edge in answer["edges"]]
        self._teller.console.print(tables.policies(policies))
        self._teller.check(
            "every insurer answered",
            expected=[(insurer["name"], "OK") for insurer in insurers],
            actual=[(provider["insurer"]["name"], provider["state"]) for provider in answer["providers"]],
        )
        self._teller.check(
            "and every one has a policy that can be renewed now",
            expected={insurer["code"] for insurer in insurers},
            actual={policy["insurer"]["code"] for policy in _renewable(policies)},
        )
        return _renewable(policies)

    async def _compare(self, policies: Sequence[Answer]) -> list[Answer]:
        self._teller.chapter("プラン比較", "Every insurer's plans for one car, cover by cover and peril by peril")
        begun = await comparing.begin(self._desk, [policies[0]["id"]])
        self._teller.check(
            "no insurer is told of a contract elsewhere before the customer agrees",
            expected={"CONSENT_NEEDED"},
            actual={inquiry["state"] for inquiry in begun["inquiries"] if not inquiry["hasContract"]},
        )
        for disclosure in comparing.unanswered(begun):
            self._teller.console.print(comparing.told(disclosure, Language.EN))
            self._teller.step("agreed", disclosure["statement"])
            await comparing.agree(self._desk, begun, disclosure, granted=True)
        compared = await comparing.settled(self._desk, begun)
        comparing.show(compared, self._teller.console, Language.EN)
        self._teller.check(
            "every insurer answered, and what it offers is in the table",
            expected=[("ANSWERED", True)] * len(compared["inquiries"]),
            actual=[(inquiry["state"], _is_shown(inquiry, compared)) for inquiry in compared["inquiries"]],
        )
        self._teller.note(f"the same for the other: tabane compare {policies[-1]['number']} --share")
        started = [await self._desk.order("RenewalStart", {"policy": {"id": policy["id"]}}) for policy in policies]
        return [payload["renewal"] for payload in started]

    async def _requote(self, renewal: Answer) -> Answer:
        self._teller.scene(f"{renewal['insurer']['name']}: a plan, changed and quoted again")
        plan = next((plan for plan in renewal["plans"] if plan["recommendedByInsurer"]), renewal["plans"][0])
        cover, before, after = _change(plan)
        payload = await self._desk.order(
            "RenewalRequote",
            {
                "renewalId": renewal["id"],
                "planId": plan["id"],
                "changes": [{"key": cover["key"], "option": after["value"]}],
                "expectedVersion": renewal["version"],
            },
        )
        quoted = payload["plan"]
        was, now = plan["premium"]["total"], quoted["premium"]["total"]
        self._teller.step(plan["name"], f"{cover['insurerLabel']}: {before['label']} → {after['label']}")
        self._teller.note(f"{tables.yen(was)} → {tables.yen(now)}, {tables.signed(now - was).plain} a year")
        _, chosen, _ = _change(quoted, cover["key"])
        self._teller.check(
            "the change stands in the quote", expected=(after["value"], True), actual=(chosen["value"], was != now)
        )
        selected = await self._desk.order(
            "RenewalPlanSelect",
            {
                "renewalId": renewal["id"],
                "planId": quoted["id"],
                "expectedVersion": payload["renewal"]["version"],
                "acknowledgedLosses": self._losses_read(quoted),
            },
        )
        self._teller.check(
            "and the plan is chosen", expected=quoted["id"], actual=selected["renewal"]["selectedPlan"]["id"]
        )
        flow: Answer = selected["renewal"]
        return flow

    def _losses_read(self, plan: Answer) -> str | None:
        """Read what the plan loses against the present contract; without that it could not be chosen."""
        for loss in plan["losses"]:
            self._teller.note(f"⚠ {loss['label']}: {loss['reason']}")
        losses_hash: str | None = plan["lossesHash"]
        return losses_hash

    async def _walk(self, renewal: Answer) -> Answer:
        self._teller.scene(renewal["insurer"]["name"])
        plan = next(plan for plan in renewal["plans"] if plan["id"] == renewal["selectedPlan"]["id"])
        flow = renewal
        while flow["status"] == "IN_PROGRESS" and (step := flow["currentStep"]):
            if step["state"] == "WAITING":
                flow = await self._reviewed(flow)
                step = flow["currentStep"]
            flow = await self._answer("RenewalStepAnswer", "renewal", flow, step, plan=plan)
        review = flow["review"]
        self._teller.check(
            f"the insurer's last screen charges what was quoted: {tables.yen(review['premium']['total'])}, binding",
            expected=("READY", "BINDABLE", plan["premium"]["total"]),
            actual=(flow["status"], review["premium"]["nature"], review["premium"]["total"]),
        )
        return flow

    async def _reviewed(self, flow: Answer) -> Answer:
        """Wait until the insurer has shown what would be signed."""
        for _ in range(LOOKS):
            read: Answer = (await self._desk.ask("Renewal", id=flow["id"]))["renewal"]
            if read["reviewHash"]:
                return read
            await asyncio.sleep(BETWEEN_LOOKS_SECONDS)
        raise Unverified(f"no last screen: {read['statusLabel']} {read['trouble']}")

    async def _submit(self, renewals: Sequence[Answer]) -> list[Answer]:
        self._teller.chapter("お申し込み", "Pressing each insurer's button, once, and reading back what it did")
        for renewal in renewals:
            payload = await self._desk.order(
                "RenewalSubmit",
                {
                    "renewalId": renewal["id"],
                    "expectedVersion": renewal["version"],
                    "reviewHash": renewal["reviewHash"],
                },
            )
            self._teller.step(renewal["insurer"]["name"], payload["renewal"]["statusLabel"])
        outcomes: list[Answer] = (await self._desk.ask("Outcome", ids=[each["id"] for each in renewals]))["nodes"]
        for outcome in outcomes:
            self._teller.check(
                f"{outcome['policy']['number']} is renewed as {outcome['policy']['successorNumber']}",
                expected=("ACCEPTED", outcome["policy"]["successorNumber"]),
                actual=(outcome["status"], outcome["result"] and outcome["result"]["newPolicyNumber"]),
            )
        await self._read_back([outcome["result"]["newPolicyNumber"] for outcome in outcomes])
        return outcomes

    async def _read_back(self, successors: Sequence[str]) -> None:
        answer = (await self._desk.ask("Policies"))["policies"]
        numbers = {edge["node"]["number"] for edge in answer["edges"]}
        self._teller.console.print(tables.policies([edge["node"] for edge in answer["edges"]]))
        self._teller.check(
            "every next term is among the policies", expected=set(successors), actual=numbers & set(successors)
        )
        for subject in await self._inbox.subjects():
            self._teller.note(f"mail: {subject}")

    async def _answer(
        self, operation: str, kind: str, flow: Answer, step: Answer, *, plan: Answer | None = None
    ) -> Answer:
        answers = await self._forms.fill(step, plan=plan)
        payload = await self._desk.order(
            operation,
            {"flowId": flow["id"], "stepId": step["id"], "expectedVersion": flow["version"], "answers": answers},
        )
        self._teller.step(step["title"], f"{len(answers)} answer{'s' if len(answers) != 1 else ''}")
        for note in self._forms.notes:
            self._teller.note(note)
        after: Answer = payload[kind]
        if after["version"] == flow["version"]:
            raise Unverified(f"{step['title']}: answered, and nothing moved")
        return after


def _renewable(policies: Sequence[Answer]) -> list[Answer]:
    return [policy for policy in policies if policy["renewability"] and policy["renewability"]["online"]]


def _is_shown(inquiry: Answer, compared: Answer) -> bool:
    """Whether everything that an insurer offers for a car stands beside its present cover."""
    shown = {plan["id"] for policy in compared["policies"] for plan in policy["offers"]}
    return bool(inquiry["plans"]) and {plan["id"] for plan in inquiry["plans"]} <= shown


def _change(plan: Answer, key: str | None = None) -> tuple[Answer, Answer, Answer]:
    """Answer a cover of the plan that can be had otherwise, how it is had, and another way to have it."""
    covers = {cover["key"]: cover for cover in reversed(plan["coverages"]) if len(cover["options"]) > 1}
    cover = covers[key] if key else next(covers[wanted] for wanted in TO_CHANGE if wanted in covers)
    place = next(place for place, option in enumerate(cover["options"]) if option["selected"])
    other = place + 1 if place + 1 < len(cover["options"]) else place - 1
    return cover, cover["options"][place], cover["options"][other]
