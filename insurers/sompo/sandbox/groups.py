"""The groups (団体) through which premiums are collected, and what their members are let off (WIRE.md §13.7)."""

import unicodedata
from dataclasses import dataclass

from insurers.sompo.sandbox.contracts import Group

MIHON = Group(code="M0012345", name="見本物産グループ団体扱", discount=20)
GROUPS = (MIHON, Group(code="M0067890", name="見本電機グループ団体扱", discount=12))


@dataclass(frozen=True)
class Asked:
    """A group by its code, or by its name, or none."""

    code: str = ""
    name: str = ""

    @property
    def handled(self) -> Group | None:
        """Answer the group that is meant, if it is one of ours."""
        return next((group for group in GROUPS if self._means(group)), None)

    @property
    def is_unknown(self) -> bool:
        return bool(self.code or self.name) and self.handled is None

    def _means(self, group: Group) -> bool:
        return self.code == group.code if self.code else bool(self.name) and _plain(self.name) == _plain(group.name)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())
