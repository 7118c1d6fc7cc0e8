"""The cover that there is today, which every plan is held against."""

from insurers.current import current_cover
from insurers.errors import InsurerError
from insurers.plan import Plan
from insurers.renewal import Renewal
from schema.context import Info
from schema.offered import OfferedBy, Present, Quoted


async def present_cover(info: Info, offered_by: OfferedBy) -> Plan | None:
    """Answer what the plans of *offered_by* would take the place of; None where its insurer cannot be asked now."""
    match offered_by:
        case Quoted(comparison, inquiry):
            return comparison.policy(inquiry.policy).current
        case Present(_, policy):
            return policy.current
        case Renewal(current=Plan() as current):
            return current
        case Renewal(ref=ref):
            found = await info.context.loaders.policy.load(ref)
    if found is None or isinstance(found, InsurerError):
        return None
    try:
        return current_cover(found)
    except InsurerError:
        return None
