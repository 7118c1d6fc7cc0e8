"""The desk for evidence: a flow's chain for the customer who left it, and the sealed bundle to take away."""

from collections.abc import Sequence

from gateway.evidence.bundle import bundle
from gateway.evidence.notary import Notary
from gateway.store import Store, Work
from insurers.agency import Mandate
from insurers.comparison import Comparison
from insurers.evidence import Evidence
from insurers.panel import Clock
from insurers.renewal import Renewal
from schema.ports import Asker, Role


class EvidenceRoom:
    def __init__(self, store: Store, clock: Clock, notary: Notary) -> None:
        self._store = store
        self._clock = clock
        self._notary = notary

    @property
    def key(self) -> str:
        return self._notary.fingerprint

    async def of(self, asker: Asker, flow: str) -> Sequence[Evidence] | None:
        async with self._store.reading() as work:
            found = await _whole(work, flow)
            if found is None or found.customer != _owner(asker):
                return None
            return await work.consents.of(flow)

    async def bundle(self, asker: Asker, flow: str) -> str | None:
        owner = _owner(asker)
        return await self.exported(flow, customer=owner) if owner else None

    async def exported(self, flow: str, *, customer: str | None = None) -> str | None:
        """Answer a flow's or a consent's bundle, None where there is none; of this *customer* if one is given."""
        async with self._store.reading() as work:
            found = await _whole(work, flow)
            if found is None or customer not in (None, found.customer):
                return None
            entries = await work.consents.of(flow)
        return bundle(found, entries, at=self._clock(), notary=self._notary)


def _owner(asker: Asker) -> str | None:
    """Whose evidence they may see: their own. An agent who acts for a customer sees none of it."""
    return asker.customer if asker.role is Role.CUSTOMER else None


async def _whole(work: Work, id_: str) -> Renewal | Comparison | Mandate | None:
    return await work.renewals.get(id_) or await work.comparisons.get(id_) or await work.mandates.get(id_)
