"""Links for a new password that went out (WIRE.md §4.9)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from insurers.sompo.sandbox.draws import Draws
from insurers.sompo.sandbox.members import Member
from insurers.sompo.sandbox.replies import Refusal

LINK_LIFE = timedelta(hours=24)


@dataclass(kw_only=True)
class ResetLink:
    """`dies_at` moves to the moment at which a newer one goes out."""

    member: Member
    dies_at: datetime
    used: bool = False


@dataclass
class Resets:
    now: Callable[[], datetime]
    draws: Draws
    _links: dict[str, ResetLink] = field(default_factory=dict)

    def dies_at(self) -> datetime:
        """Until when a link works that goes out now."""
        return self.now() + LINK_LIFE

    def begin(self, member: Member) -> str:
        for older in self._links.values():
            if older.member is member:
                older.dies_at = min(older.dies_at, self.now())
        key = self.draws.key()
        self._links[key] = ResetLink(member=member, dies_at=self.dies_at())
        return key

    def find(self, key: str) -> ResetLink:
        """
        Raises:
            Refusal: 31, unknown; 35, used; 32, dead.
        """
        link = self._links.get(key)
        if link is None:
            raise Refusal("31")
        if link.used:
            raise Refusal("35")
        if self.now() >= link.dies_at:
            raise Refusal("32")
        return link
