"""Objects by id, for whoever may see them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from insurers.account import Link
from insurers.errors import InsurerError
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.registration import Registration as RegistrationWord
from schema import book_nodes, flows, telling
from schema.agency import agency_node, agent_node
from schema.agency_request import request_node
from schema.challenge import Challenge
from schema.comparison import Comparison
from schema.consent import consent_node
from schema.context import Info
from schema.customer import Customer
from schema.document import Document
from schema.inquiry import ComparisonInquiry
from schema.insurer import Insurer
from schema.link import InsurerLink
from schema.node import Node
from schema.offered import OfferedBy, owner, plans, within
from schema.plan import Plan
from schema.policy import Policy
from schema.registration import Registration
from schema.renewal import Renewal

Parts = tuple[str, ...]

# More plans than this side by side are no comparison, and each costs a column of work.
MOST_COMPARED = 30


async def find(info: Info, id_: str) -> Node | None:
    """Answer the object, or None when there is none, when it is not the asker's, or when the id is none of ours."""
    known = info.context.ids.open(id_)
    finder = _FINDERS.get(known.type) if known else None
    return await finder(info, known.parts) if finder and known else None


async def find_all(info: Info, ids: Sequence[str]) -> list[Node | None]:
    """Answer the objects in the order of *ids*: all are looked up together, and one that is named twice once."""
    distinct = list(dict.fromkeys(ids))
    found = dict(zip(distinct, await asyncio.gather(*(find(info, id_) for id_ in distinct)), strict=True))
    return [found[id_] for id_ in ids]


async def _insurer(info: Info, parts: Parts) -> Node | None:
    manifest = info.context.host.manifests.get(InsurerCode(parts[0]))
    return Insurer(manifest=manifest) if manifest else None


async def _policy(info: Info, parts: Parts) -> Node | None:
    found = await info.context.loaders.policy.load(PolicyRef(InsurerCode(parts[0]), PolicyNumber(parts[1])))
    if found is None or isinstance(found, InsurerError):
        return None
    return Policy(word=found, readings=info.context.loaders.readings)


async def _renewal(info: Info, parts: Parts) -> Node | None:
    found = await flows.renewal(info, parts[0])
    return Renewal(word=found) if found else None


async def _registration(info: Info, parts: Parts) -> Node | None:
    found = await flows.registration(info, parts[0])
    return Registration(word=found) if found else None


async def _plan(info: Info, parts: Parts) -> Node | None:
    return await plan(info, parts[0], parts[1])


async def plan(info: Info, place: str, code: str) -> Plan | None:
    """Answer the plan of this code in a renewal or a comparison."""
    offered_by = await _offering(info, place)
    if offered_by is None:
        return None
    return next((Plan(word=plan, offered_by=offered_by) for plan in plans(offered_by) if plan.code == code), None)


async def _offering(info: Info, place: str) -> OfferedBy | None:
    flow, inside, _ = place.partition("/")
    if not inside:
        return await flows.renewal(info, flow)
    comparison = await flows.comparison(info, flow)
    return within(comparison, place) if comparison else None


async def _link(info: Info, parts: Parts) -> Node | None:
    found = next((link for link in await info.context.loaders.links.load(None) if link.id == parts[0]), None)
    return InsurerLink(word=found) if found else None


async def _challenge(info: Info, parts: Parts) -> Node | None:
    kind, id_ = parts
    owner: Link | RegistrationWord | None
    if kind == "link":
        owner = next((link for link in await info.context.loaders.links.load(None) if link.id == id_), None)
    else:
        owner = await flows.registration(info, id_)
    if owner is None or owner.challenge is None:
        return None
    return Challenge(word=owner.challenge, insurer_code=owner.insurer, owner=(kind, id_))


async def _document(info: Info, parts: Parts) -> Node | None:
    insurer, number, document, renewal_id = parts
    ref = PolicyRef(InsurerCode(insurer), PolicyNumber(number))
    if renewal_id:
        asked_in = await flows.renewal(info, renewal_id)
        documents = asked_in.script.documents() if asked_in else ()
    else:
        policy = await info.context.loaders.policy.load(ref)
        documents = () if policy is None or isinstance(policy, InsurerError) else policy.documents
    return next((Document(word=word, ref=ref, renewal=renewal_id) for word in documents if word.id == document), None)


async def _customer(info: Info, parts: Parts) -> Node | None:
    asker = info.context.asker
    return Customer(word=asker) if asker and not asker.is_alone and asker.customer == parts[0] else None


async def _comparison(info: Info, parts: Parts) -> Node | None:
    if len(parts) > 1:
        return await side_by_side(info, list(zip(parts[::2], parts[1::2], strict=True)))
    found = await flows.comparison(info, parts[0])
    return Comparison.of(found) if found else None


async def _inquiry(info: Info, parts: Parts) -> Node | None:
    comparison = await flows.comparison(info, parts[0])
    found = comparison.inquiry(parts[1]) if comparison else None
    return ComparisonInquiry(comparison=comparison, word=found) if comparison and found else None


async def side_by_side(info: Info, wanted: Sequence[tuple[str, str | None]]) -> Comparison | None:
    """Answer these plans, each by where it is and its code or None for all there; None when the asker sees none."""
    asker = info.context.asker
    places = {place: await _offering(info, place) for place in dict.fromkeys(place for place, _ in wanted)}
    columns = [
        Plan(word=plan, offered_by=offered_by)
        for place, code in wanted
        if (offered_by := places[place]) is not None
        for plan in plans(offered_by)
        if code in (None, plan.code)
    ]
    if asker is None or not columns:
        return None
    # An agent may see plans of many customers, and compares those of one.
    customer = owner(columns[0].offered_by)
    theirs = [plan for plan in columns if owner(plan.offered_by) == customer]
    return Comparison.of_plans(theirs[:MOST_COMPARED], customer, info.context.host.now())


_FINDERS: Mapping[str, Callable[[Info, Parts], Awaitable[Node | None]]] = {
    "Insurer": _insurer,
    "Policy": _policy,
    "Renewal": _renewal,
    "Registration": _registration,
    "Plan": _plan,
    "InsurerLink": _link,
    "Challenge": _challenge,
    "Document": _document,
    "Customer": _customer,
    "Comparison": _comparison,
    "ComparisonInquiry": _inquiry,
    "Book": book_nodes.whole,
    "BookEntry": book_nodes.entry,
    "BookCustomer": book_nodes.customer,
    "MultiAgency": agency_node,
    "Agent": agent_node,
    "Consent": consent_node,
    "AgencyRequest": request_node,
    "Webhook": telling.webhook,
    "DeadlineCalendar": telling.calendar,
}
