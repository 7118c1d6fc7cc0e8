"""Objects by id, for whoever may see them."""

from collections.abc import Awaitable, Callable, Mapping

from insurers.account import Link
from insurers.errors import InsurerError
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.registration import Registration as RegistrationWord
from insurers.renewal import Renewal as RenewalWord
from schema.challenge import Challenge
from schema.comparison import Comparison
from schema.context import Info
from schema.document import Document
from schema.insurer import Insurer
from schema.link import InsurerLink
from schema.node import Node
from schema.plan import Plan
from schema.policy import Policy
from schema.registration import Registration
from schema.renewal import Renewal
from schema.viewer import Customer

Parts = tuple[str, ...]


async def find(info: Info, id_: str) -> Node | None:
    """Answer the object, or None when there is none, when it is not the asker's, or when the id is none of ours."""
    known = info.context.ids.open(id_)
    finder = _FINDERS.get(known.type) if known else None
    return await finder(info, known.parts) if finder and known else None


async def renewal(info: Info, id_: str) -> RenewalWord | None:
    asker, host = info.context.asker, info.context.host
    found = await host.renewals.get(asker, id_) if asker else None
    # An insurer that the operator took away takes its flows out of sight until it comes back.
    return found if found is not None and found.ref.insurer in host.manifests else None


async def registration(info: Info, id_: str) -> RegistrationWord | None:
    asker, host = info.context.asker, info.context.host
    found = await host.registrations.get(asker, id_) if asker else None
    return found if found is not None and found.insurer in host.manifests else None


async def _insurer(info: Info, parts: Parts) -> Node | None:
    manifest = info.context.host.manifests.get(InsurerCode(parts[0]))
    return Insurer(manifest=manifest) if manifest else None


async def _policy(info: Info, parts: Parts) -> Node | None:
    found = await info.context.loaders.policy.load(PolicyRef(InsurerCode(parts[0]), PolicyNumber(parts[1])))
    if found is None or isinstance(found, InsurerError):
        return None
    return Policy(word=found, read_at=info.context.host.now())


async def _renewal(info: Info, parts: Parts) -> Node | None:
    found = await renewal(info, parts[0])
    return Renewal(word=found) if found else None


async def _registration(info: Info, parts: Parts) -> Node | None:
    found = await registration(info, parts[0])
    return Registration(word=found) if found else None


async def _plan(info: Info, parts: Parts) -> Node | None:
    offered_by = await renewal(info, parts[0])
    if offered_by is None:
        return None
    return next((Plan(word=plan, offered_by=offered_by) for plan in offered_by.plans if plan.code == parts[1]), None)


async def _link(info: Info, parts: Parts) -> Node | None:
    found = next((link for link in await info.context.loaders.links.load(None) if link.id == parts[0]), None)
    return InsurerLink(word=found) if found else None


async def _challenge(info: Info, parts: Parts) -> Node | None:
    kind, id_ = parts
    owner: Link | RegistrationWord | None
    if kind == "link":
        owner = next((link for link in await info.context.loaders.links.load(None) if link.id == id_), None)
    else:
        owner = await registration(info, id_)
    if owner is None or owner.challenge is None:
        return None
    return Challenge(word=owner.challenge, insurer_code=owner.insurer, owner=(kind, id_))


async def _document(info: Info, parts: Parts) -> Node | None:
    insurer, number, document, renewal_id = parts
    ref = PolicyRef(InsurerCode(insurer), PolicyNumber(number))
    if renewal_id:
        asked_in = await renewal(info, renewal_id)
        documents = asked_in.script.documents() if asked_in else ()
    else:
        policy = await info.context.loaders.policy.load(ref)
        documents = () if policy is None or isinstance(policy, InsurerError) else policy.documents
    return next((Document(word=word, ref=ref, renewal=renewal_id) for word in documents if word.id == document), None)


async def _customer(info: Info, parts: Parts) -> Node | None:
    asker = info.context.asker
    return Customer(word=asker) if asker and asker.customer == parts[0] else None


async def _comparison(info: Info, parts: Parts) -> Node | None:
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    renewals = {id_: await renewal(info, id_) for id_ in dict.fromkeys(parts[::2])}
    columns = [
        (offered_by, plan)
        for id_, code in pairs
        if (offered_by := renewals[id_]) is not None
        for plan in offered_by.plans
        if plan.code == code
    ]
    return Comparison(columns=columns, compared_at=info.context.host.now()) if columns else None


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
}
