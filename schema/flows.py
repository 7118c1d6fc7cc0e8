"""What is under way, for whoever may see it."""

import msgspec

from insurers.comparison import Comparison
from insurers.registration import Registration
from insurers.renewal import Renewal
from schema.context import Info


async def renewal(info: Info, id_: str) -> Renewal | None:
    asker, host = info.context.asker, info.context.host
    found = await host.renewals.get(asker, id_) if asker else None
    # An insurer that the operator took away takes its flows out of sight until it comes back.
    return found if found is not None and found.ref.insurer in host.manifests else None


async def registration(info: Info, id_: str) -> Registration | None:
    asker, host = info.context.asker, info.context.host
    found = await host.registrations.get(asker, id_) if asker else None
    return found if found is not None and found.insurer in host.manifests else None


async def comparison(info: Info, id_: str) -> Comparison | None:
    asker, host = info.context.asker, info.context.host
    return shown(info, await host.comparisons.get(asker, id_) if asker else None)


def shown(info: Info, found: Comparison | None) -> Comparison | None:
    """As above; the parts of a comparison that the other insurers have stay."""
    known = info.context.host.manifests
    if found is None or any(policy.ref.insurer not in known for policy in found.policies):
        return None
    inquiries = tuple(inquiry for inquiry in found.inquiries if inquiry.insurer in known)
    return msgspec.structs.replace(found, inquiries=inquiries)
