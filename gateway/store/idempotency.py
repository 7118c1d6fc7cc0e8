"""Which wishes a viewer has already uttered, and what was answered."""

from datetime import datetime

from sqlalchemy import delete, select, true, update

from gateway.store import tables
from gateway.store.errors import KeyReused
from gateway.store.transaction import Transaction
from insurers.person import Private


class Replay(Private, frozen=True, kw_only=True):
    """A wish that came before. Without an answer it was begun, and never ended as far as we know."""

    answer: bytes | None
    begun_at: datetime


class IdempotencyKeys:
    """Keys and inputs lie here as keyed fingerprints: both are whatever a client sent."""

    table = tables.idempotency_keys

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def begin(self, viewer: str, key: str, fingerprint: str, now: datetime) -> Replay | None:
        """
        Begin, or answer what came of it before. None: this is the first time, and now it is written down.

        *fingerprint* stands for the whole input. Whoever comes before there is an answer joins
        the first, and that is written down, too.

        Raises:
            KeyReused: this viewer's *key* came with another input.
        """
        columns = self._columns(viewer, key)
        request = self._transaction.keyring.fingerprint(f"request:{fingerprint}")
        if await self._transaction.add(self.table, {**columns, "request": request, "begun_at": now}):
            return None
        row = self.table.c
        this = [row.viewer == columns["viewer"], row.key == columns["key"]]
        joined = update(self.table).where(*this, row.request == request, row.body.is_(None)).values(joined_at=now)
        await self._transaction.connection.execute(joined)
        found = (await self._transaction.connection.execute(select(self.table).where(*this))).mappings().one()
        if found["request"] != request:
            raise KeyReused
        answer = None if found["body"] is None else self._transaction.unseal(self.table, found)
        return Replay(answer=answer, begun_at=found["begun_at"])

    async def finish(self, viewer: str, key: str, answer: bytes, *, only_if_alone: bool = False) -> bytes | None:
        """
        Keep what was answered, and answer what stands: an earlier answer is never replaced.

        With *only_if_alone* nothing is kept where somebody joined, who may do what was not done
        here; None is answered while nothing stands.

        Raises:
            LookupError: it never began.
        """
        columns = self._columns(viewer, key)
        row = self.table.c
        this = [row.viewer == columns["viewer"], row.key == columns["key"]]
        body = self._transaction.seal(self.table, columns, answer)
        may = row.joined_at.is_(None) if only_if_alone else true()
        kept = update(self.table).where(*this, row.body.is_(None), may).values(body=body)
        if (await self._transaction.connection.execute(kept)).rowcount:
            return answer
        standing = (await self._transaction.connection.execute(select(self.table).where(*this))).mappings()
        if (found := standing.one_or_none()) is None:
            raise LookupError("an answer to a wish that never began")
        return None if found["body"] is None else self._transaction.unseal(self.table, found)

    async def forget(self, before: datetime) -> None:
        """Forget what was begun before this moment; a key that old comes as a new one."""
        await self._transaction.connection.execute(delete(self.table).where(self.table.c.begun_at < before))

    def _columns(self, viewer: str, key: str) -> dict[str, str]:
        return {"viewer": viewer, "key": self._transaction.keyring.fingerprint(f"key:{key}")}
