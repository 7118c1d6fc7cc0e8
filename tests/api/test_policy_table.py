"""Crossed identities: whoever asks for whatever, by every way in, gets what `policy.md` says, and nothing else."""

from collections.abc import Collection, Mapping

import pytest
import pytest_asyncio

from gateway.settings import Settings
from schema.nodes import _FINDERS
from tests.api import crossed, crossing, marked
from tests.api.agencies import consent, revoke
from tests.api.conftest import Town
from tests.api.crossed import PREPARE, READ, SUBMIT, Ids, Things
from tests.api.crossing import CROSSED, Answers
from tests.api.frontend import Frontend
from tests.api.policy_table import FOR_THE_CUSTOMER, OR, Cells, expected, policy

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTIONS, NODES, FIELDS, LIVE, DEEDS = "Questions", "Nodes", "Fields", "Live updates", "Deeds"
ROOTS = {"queryType": QUESTIONS, "mutationType": DEEDS, "subscriptionType": LIVE}

# What the customer lets the agency do, and who asks meanwhile; the customer, who undoes what is there, as the last.
MEANWHILE: Mapping[tuple[str, ...], Collection[str]] = {
    (): ("agent", "manager"),
    (READ,): ("reads", "branch", "elsewhere", "unknown", "nobody", "another", "customer"),
    (READ, SUBMIT): ("submits",),
    (READ, PREPARE): ("prepares",),
}

# Nothing; an error in the place of every answer, whatever was asked for; and whatever a refusal is.
NOTHING = {"null", "ends"}
CLOSED = {"FORBIDDEN", "UNAUTHENTICATED"}
REFUSED = {*NOTHING, *CLOSED, "NOT_FOUND"}

# Who asks for what never was, too; and of these, who does where an error stands in the place of every answer.
EVERYWHERE = {"another", "nobody", "agent" + FOR_THE_CUSTOMER}
DOUBTED = EVERYWHERE | {f"{column}{FOR_THE_CUSTOMER}" for column in ("reads", "branch", "elsewhere", "unknown")}

# By the section, or the way to a node; and by who asked.
Everything = dict[str, dict[str, Answers]]


class Crossing:
    """What everybody heard of what is there, and of what never was."""

    def __init__(self, town: Town, things: Things) -> None:
        self._town = town
        self.things = things
        self.there: Everything = {}
        self.never: Everything = {}

    async def ask(self, columns: Collection[str]) -> None:
        for who, frontend in crossed.askers(self._town, *columns).items():
            deeds = expected(DEEDS, who)
            closed = [row for row, said in deeds.items() if said in CLOSED]
            open_ = [row for row in deeds if row not in closed]
            await self._asked(self.there, who, frontend, self.things.there)
            self.there.setdefault(DEEDS, {})[who] = await crossing.deeds(frontend, self.things.there, open_, closed)
            if who in DOUBTED:
                never, again = self.things.never, closed if who in EVERYWHERE else []
                self.never.setdefault(DEEDS, {})[who] = await crossing.deeds(frontend, never, open_, again)
                self.never.setdefault(QUESTIONS, {})[who] = await crossing.questions(frontend, never)

    async def _asked(self, heard: Everything, who: str, frontend: Frontend, ids: Ids) -> None:
        """Ask for everything that leaves it as it is."""
        if expected(QUESTIONS, who):
            heard.setdefault(QUESTIONS, {})[who] = await crossing.questions(frontend, ids)
            heard.setdefault(LIVE, {})[who] = await crossing.live(frontend, ids)
        if rows := expected(NODES, who):
            # What an agent finds by a token of their own is found alike by every way.
            ways = ["nodes"] if who in crossed.AGENTS.keys() - crossed.ALONE else ["nodes", "node", "_entities"]
            for way, answers in (await crossing.nodes(frontend, {row: ids[row] for row in rows}, ways)).items():
                heard.setdefault(way, {})[who] = answers


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crossing_all(village: Town, village_settings: Settings) -> Crossing:
    """Let everybody ask for everything, each as far as the customer lets them at that time."""
    found = Crossing(village, await crossed.settled(village, village_settings))
    taro = village.customer("taro")
    for scopes, columns in MEANWHILE.items():
        granted = await consent(taro, *scopes) if scopes else None
        if PREPARE not in scopes:
            await crossed.wanted(village, found.things)
        await found.ask(columns)
        if granted:
            await revoke(taro, granted)
    return found


async def test_every_root_field_every_node_and_every_guarded_field_has_its_row_and_nothing_else_has_one(
    village: Town,
) -> None:
    roots = " ".join(f"{root} {{ fields {{ name }} }}" for root in ROOTS)
    asked = f'{{ __schema {{ {roots} }} __type(name: "Node") {{ possibleTypes {{ name }} }} }}'
    told = (await village.nobody().raw(asked))["data"]

    for root, section in ROOTS.items():
        names = {field["name"] for field in told["__schema"][root]["fields"]}
        assert names == policy()[section].rows.keys(), section
        assert names == CROSSED[section].keys(), section
    types = {row.split()[0] for row in policy()[NODES].rows}
    assert types == {one["name"] for one in told["__type"]["possibleTypes"]} == _FINDERS.keys()
    columns = {column for columns in MEANWHILE.values() for column in columns}
    assert columns == set(policy()[DEEDS].columns)

    guarded = {
        place for place in marked.marked("auth") if place.split(".")[0] not in ("Query", "Mutation", "Subscription")
    }
    # Of what only a customer finds, nobody else sees a field.
    customers = {row.split()[0] for row, cells in policy()[NODES].rows.items() if _only_the_customers(cells)}
    assert {place for place in guarded if place.split(".")[0] not in customers} == policy()[FIELDS].rows.keys()


def _only_the_customers(cells: Cells) -> bool:
    return {"null"} == {said for who, said in cells.items() if who != "customer"}


@pytest.mark.parametrize("heading", [QUESTIONS, "node", "nodes", "_entities", FIELDS, LIVE, DEEDS])
async def test_everybody_gets_what_the_table_says(crossing_all: Crossing, heading: str) -> None:
    section = heading if heading in policy() else NODES
    heard = crossing_all.there[heading]

    told = {who: {row: answer.verdict for row, answer in answers.items()} for who, answers in heard.items()}

    assert {who: expected(section, who) for who in heard} == told
    assert {who.removesuffix(FOR_THE_CUSTOMER) for who in heard} >= set(policy()[section].columns)


async def test_a_refusal_is_what_is_answered_about_an_id_that_nothing_ever_had(crossing_all: Crossing) -> None:
    compared = set()
    for section, heard in crossing_all.never.items():
        for who, answers in heard.items():
            for row, never in answers.items():
                there = crossing_all.there[section][who][row]
                if there.verdict in REFUSED:
                    assert never == there, (section, who, row)
                    compared.add(there.verdict)

    assert compared == REFUSED - {"ends"}, "a subscription that ends has said nothing"


async def test_whoever_is_refused_is_told_no_value_of_the_customers(crossing_all: Crossing) -> None:
    values, name = crossing_all.things.values, crossing_all.things.name

    for section, heard in crossing_all.there.items():
        for who, answers in heard.items():
            # Whose token names the customer knows the name.
            secret = values - name if who.endswith(FOR_THE_CUSTOMER) else values
            for row, (verdict, said) in answers.items():
                if verdict in REFUSED | {"own"} and who != "customer":
                    assert set() == {value for value in secret if value in said}, (section, who, row)
    own = "".join(heard.answer for answers in crossing_all.there.values() for heard in answers["customer"].values())
    assert 3 <= len({value for value in values if value in own})


# Everybody may ask for a node, and who may see it is that node's own affair.
OF_WHATEVER_NODE = {"node", "nodes", "_entities"}
STEPS = {"agent": None, "manager": None, "reads": READ, "prepares": PREPARE, "submits": SUBMIT}


def _printed(cells: Cells) -> str | None:
    """Answer the arguments that `@auth` has where these are the cells; None where it does not stand."""
    if cells["nobody"] not in {*NOTHING, *CLOSED}:
        return None
    steps = {step: (cells[step] or cells["agent"]).split(OR)[-1] for step in STEPS if step in cells}
    own = cells["customer"]
    if own in REFUSED:
        first = next(step for step, said in steps.items() if said not in REFUSED)
        return f"consent: {STEPS[first]}" if STEPS[first] else "roles: [AGENT]"
    if all(said in REFUSED for said in steps.values()):
        return "roles: [CUSTOMER]"
    first = next(step for step, said in steps.items() if said in (own, "CUSTOMER_ONLY"))
    return f"consent: {STEPS[first]}" if STEPS[first] else ""


@pytest.mark.parametrize("type_", ["Query", "Mutation", "Subscription", FIELDS])
async def test_auth_is_printed_as_the_table_has_it(type_: str) -> None:
    section = {"Query": QUESTIONS, "Mutation": DEEDS, "Subscription": LIVE}.get(type_, FIELDS)
    rows = {
        row: cells
        for row, cells in policy()[section].rows.items()
        if row not in OF_WHATEVER_NODE and not row.startswith("_")
    }

    said = {row: marked.directives()[row if type_ == FIELDS else f"{type_}.{row}"].get("auth") for row in rows}

    assert {row: _printed(cells) for row, cells in rows.items()} == said


async def test_what_is_null_for_nobody_without_an_error_is_printed_as_semantically_not_null() -> None:
    erring = {
        f"Query.{row}"
        for row, cells in policy()[QUESTIONS].rows.items()
        if CLOSED & set(cells.values()) and "null" not in cells.values()
    }

    assert erring == marked.marked("semanticNonNull")


async def test_an_address_of_a_document_opens_for_whoever_has_it_while_its_writer_may_and_for_nobody_else(
    village: Town, crossing_all: Crossing
) -> None:
    addresses = crossing_all.things.addresses
    for who, frontend in crossed.askers(village, *policy()[QUESTIONS].columns).items():
        found = {}
        for name, address in addresses.items():
            async with village.http.get(address, headers=frontend.headers) as answer:
                found[name] = answer.status
        assert {"the customer's": 200, "an agent's who may no longer": 404, "nobody's": 404} == found, who
