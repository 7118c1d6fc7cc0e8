"""A customer with one thing of each kind, and everybody who may try to get at them."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from uuid import uuid4

import msgspec

from gateway.application import node_ids
from gateway.journeys import customer_links
from gateway.settings import Settings
from gateway.vault import Keyring
from schema.node import NodeIds
from tests.api import booking
from tests.api.agencies import (
    EVERYTHING,
    HANAKO,
    JIRO,
    MANAGER,
    OTHERS_AGENT,
    agency_id,
    agent_alone,
    agent_for,
    consent,
    revoke,
)
from tests.api.booking import NO_AGENT
from tests.api.comparing import started
from tests.api.conftest import CODES, INSURERS, Town
from tests.api.frontend import Frontend, Json, key
from tests.api.policy_table import FOR_THE_CUSTOMER
from tests.api.test_what_is_logged import private

READ, PREPARE, SUBMIT = EVERYTHING

# At one insurer everything is under way; at the other an account waits for its passcode, and is lost in the end.
(PENDING,) = (code for code in CODES if INSURERS[code]["asks for a passcode"])
(HOME,) = (code for code in CODES if code != PENDING)

# Ids of things, by the type of each and what else tells it from others of its type.
Ids = dict[str, str]

# What every id of ours is made of, beside words: such as nobody's thing has instead.
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}")
_DIGITS = re.compile(r"\d{3,}")


class Things(NamedTuple):
    """
    What there is of the customer's and of the agency's, and ids of the same shape that nothing ever had.

    `values` are whatever tells something about the customer, `name` among it; `addresses` are those of a document.
    """

    there: Ids
    never: Ids
    values: set[str]
    name: set[str]
    addresses: dict[str, str]
    keyring: Keyring

    @property
    def sealed(self) -> NodeIds:
        return node_ids(self.keyring)

    def add(self, ids: Ids) -> None:
        self.there.update(ids)
        self.never.update({name: self._never(id_) for name, id_ in ids.items()})

    def _never(self, id_: str) -> str:
        known = self.sealed.open(id_)
        assert known
        other = [_DIGITS.sub(lambda found: "9" * len(found[0]), _UUID.sub(str(uuid4()), part)) for part in known.parts]
        return self.sealed.seal(known.type, *(other if tuple(other) != known.parts else [str(uuid4())]))


def askers(town: Town, *columns: str) -> Mapping[str, Frontend]:
    """Answer who asks in these columns; an agent by a token of their own and by one that names the customer."""
    taro = town.customer("taro")
    found: dict[str, Frontend] = {}
    for column in columns:
        if column in _OTHERS:
            found[column] = _OTHERS[column](town)
        if column in AGENTS and column not in NAMING:
            found[column] = agent_alone(town, AGENTS[column])
        if column in AGENTS and column not in ALONE:
            found[column + FOR_THE_CUSTOMER] = agent_for(town, taro, AGENTS[column])
    return found


# A manager differs from other agents in what is the agency's, and in nothing of a customer's; who is an agent nowhere
# gets the more by naming a customer, if anything. What consent lets do beside reading is tried by one token of each.
ALONE = frozenset({"manager", "submits"})
NAMING = frozenset({"unknown", "prepares"})

AGENTS: Mapping[str, str] = {
    "agent": HANAKO,
    "manager": MANAGER,
    "reads": HANAKO,
    "prepares": HANAKO,
    "submits": HANAKO,
    "branch": JIRO,
    "elsewhere": OTHERS_AGENT,
    "unknown": NO_AGENT,
}
_OTHERS = {
    "customer": lambda town: town.customer("taro"),
    "another": lambda town: town.customer("sayuri"),
    "nobody": lambda town: town.nobody(),
}


async def settled(town: Town, settings: Settings) -> Things:
    """Let the customer have one thing of each kind, before any agency may act."""
    taro = town.customer("taro")
    await taro.register(HOME)
    await town.settle(town.customer("sayuri"), HOME)
    assert settings.vault_keys
    keyring = Keyring.parse(settings.vault_keys.get_secret_value())
    name = {taro.person["name"], *taro.person["name"].split()}
    things = Things({}, {}, private(taro) | name, name, {}, keyring)
    things.add(await _own(taro))
    things.add({"Consent": await _opened(town, taro, things)})
    things.add(await _agencys(town, taro))
    for ids in (things.there, things.never):
        ids |= {"Home": HOME, "Elsewhere": PENDING, "Number": taro.person["policies"][HOME][0]}
    return things


async def wanted(town: Town, things: Things) -> None:
    """Let an agent ask for what only the customer can give: a request, and the ticket of the link to it."""
    taro, said = town.customer("taro"), {"entryIds": [things.there["BookEntry"]], "idempotencyKey": key()}
    await agent_alone(town, HANAKO).raw(_ASK, {"input": said})
    (request,) = (await taro.raw("{ viewer { requests { id } } }"))["data"]["viewer"]["requests"]
    things.add({"AgencyRequest": request["id"]})
    for ids in (things.there, things.never):
        known = things.sealed.open(ids["AgencyRequest"])
        assert known
        ticket = customer_links.Ticket(known.parts[0], town.clock() + customer_links.LIFE)
        ids["Ticket"] = things.keyring.ticket(msgspec.json.encode(ticket), customer_links.ABOUT)


_ASK = "mutation ($input: BookCustomerAskInput!) { bookCustomerAsk(input: $input) { done } }"


async def _own(taro: Frontend) -> dict[str, str]:
    begun = await taro.begin(HOME)
    waiting = await taro.follow_registration(begun, until=begun["steps"][-1]["key"])
    given_up = (await taro.start(HOME))["id"]
    await taro.mutate("RenewalCancel", renewalId=given_up)
    renewal = await taro.start(HOME)
    compared = await started(taro, HOME, taro.person["policies"][HOME][0])
    link = await _waiting(taro)
    seen = await _seen(taro, renewal["id"], renewal["plans"][0]["id"])
    return {
        "Insurer": seen["insurer"]["id"],
        "Policy": await taro.policy_id(HOME),
        "Renewal": renewal["id"],
        "Renewal given up": given_up,
        "FlowStep of a renewal": renewal["currentStep"]["id"],
        "Registration": waiting["id"],
        "FlowStep of a registration": waiting["currentStep"]["id"],
        "Plan of a renewal": renewal["plans"][0]["id"],
        "Plan of a comparison": compared["offers"][0]["id"],
        "Plan of today": compared["reference"]["id"],
        "InsurerLink": link["id"],
        "Challenge of an account": link["challenge"]["id"],
        "Challenge of a registration": waiting["challenge"]["id"],
        "Document of a policy": seen["policies"]["edges"][0]["node"]["documents"][0]["id"],
        "Document of a renewal": next(
            need["document"]["id"]
            for step in seen["renewal"]["steps"]
            for need in step["requirements"]
            if "document" in need
        ),
        "Customer": seen["viewer"]["customer"]["id"],
        "Comparison": compared["id"],
        "Comparison of plans": seen["comparePlans"]["id"],
        "ComparisonInquiry": compared["inquiries"][0]["id"],
        "MultiAgency": await agency_id(taro),
    }


async def _waiting(taro: Frontend) -> Json:
    """Sign in where a passcode is asked for, and do not tell it yet."""
    await taro.register(PENDING, lambda need: {"choice": "false"} if need["key"] == "trusted_device" else None)
    links = (await taro.do("Links"))["customer"]["links"]
    (known,) = [link["id"] for link in links if link["insurer"]["code"] == PENDING]
    await taro.mutate("InsurerLinkDelete", linkId=known)
    account = {"userId": taro.person["mail"], "password": taro.person["password"]}
    done = await taro.mutate("InsurerLinkCreate", insurer={"code": PENDING}, **account)
    return dict(done["link"])


async def _seen(taro: Frontend, renewal: str, plan: str) -> Json:
    return dict((await taro.raw(_SEEN, {"renewal": renewal, "plan": plan, "home": HOME}))["data"])


_SEEN = """query ($renewal: ID!, $plan: ID!, $home: String!) {
  viewer { customer { id } } insurer(by: { code: $home }) { id }
  policies { edges { node { documents { id } } } }
  comparePlans(input: { planIds: [$plan] }) { id }
  renewal(id: $renewal) { steps { requirements { ... on DocumentRequirement { document { id } } } } }
}"""


async def _opened(town: Town, taro: Frontend, things: Things) -> str:
    """Write down what opens a document for whom; answer the consent by which an agent's address did."""
    asked = "query ($id: ID!) { node(id: $id) { ... on Document { url } } }"
    granted = await consent(taro, READ)
    for name, who in (("the customer's", taro), ("an agent's who may no longer", agent_alone(town, HANAKO))):
        found = (await who.raw(asked, {"id": things.there["Document of a policy"]}))["data"]["node"]
        things.addresses[name] = found["url"]
    await revoke(taro, granted)
    things.addresses["nobody's"] = things.addresses["the customer's"][:-8]
    return str(granted["id"])


async def _agencys(town: Town, taro: Frontend) -> dict[str, str]:
    await booking.fill_books(town)
    hanako, manager = agent_alone(town, HANAKO), agent_alone(town, MANAGER)
    said = {"search": taro.person["policies"][HOME][0], "insurers": [{"code": HOME}]}
    (row,) = await booking.everything(hanako, "id branch customer { id }", filter=said)
    assert "01" == row["branch"], "where the agent of the table works"
    found = (await hanako.raw("{ book { id agent { id } } }"))["data"]["book"]
    calendar = await hanako.raw(_CALENDAR, {"input": {"idempotencyKey": key()}})
    hook = {"url": "https://hooks.example.jp/", "kinds": ["FEED_READ"], "idempotencyKey": key()}
    webhook = await manager.raw(_WEBHOOK, {"input": hook})
    return {
        "Book": found["id"],
        "Agent": found["agent"]["id"],
        "BookEntry": row["id"],
        "BookCustomer": row["customer"]["id"],
        "Webhook": webhook["data"]["webhookCreate"]["webhook"]["id"],
        "DeadlineCalendar": calendar["data"]["deadlineCalendarCreate"]["calendar"]["id"],
    }


_CALENDAR = (
    "mutation ($input: DeadlineCalendarCreateInput!) { deadlineCalendarCreate(input: $input) { calendar { id } } }"
)
_WEBHOOK = "mutation ($input: WebhookCreateInput!) { webhookCreate(input: $input) { webhook { id } } }"
