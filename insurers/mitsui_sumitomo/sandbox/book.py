"""The insurer's memory of persons, contracts and applications."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from msgspec.structs import replace

from . import papers, personas, rating
from .contracts import Agency, Contract, Name
from .personas import Persona


@dataclass(frozen=True)
class Application:
    """An accepted application, to be told again to whoever asks with its key."""

    fingerprint: str
    answer: Mapping[str, object]


@dataclass
class Book:
    agency: Agency
    personas: dict[str, Persona]
    contracts: dict[str, Contract]
    applications: dict[tuple[str, str], Application] = field(default_factory=dict, repr=False)
    revisions: dict[str, int] = field(default_factory=dict)
    paper_revisions: Counter[str] = field(default_factory=Counter)
    pressed: set[str] = field(default_factory=set)

    def of(self, holder_code: str) -> list[Contract]:
        """A person's contracts, by maturity."""
        own = (contract for contract in self.contracts.values() if contract.holder_code == holder_code)
        return sorted(own, key=lambda contract: (contract.hoken_kikan.manki, contract.shoken_no))

    def identify(self, name: Name, kana: Name, born: date, employee_number: str | None) -> Persona | None:
        """Who this is, or `None`, whatever of it does not fit."""
        for persona in self.personas.values():
            holder = persona.keiyakusha
            same = (folded(name), folded(kana), born) == (
                folded(holder.shimei),
                folded(holder.kana),
                holder.seinengappi,
            )
            in_group = any(contract.is_group_handled for contract in self.of(persona.code))
            if same and (not in_group or _plain(employee_number or "") == persona.shain_no):
                return persona
        return None

    def may_register(self, persona: Persona) -> bool:
        """Where no contract has an employee number to prove, name and birth date alone must open nothing."""
        return any(contract.is_group_handled for contract in self.of(persona.code))

    def matters(self, number: str) -> papers.Paper:
        """The important matters in force for this contract's next term."""
        return papers.important_matters(self.paper_revisions[""] + self.paper_revisions[number])

    def revision(self, number: str) -> int:
        return self.revisions.get(number, rating.UNREVISED)

    def renew(self, number: str, *, today: date, seed: int, **changes: object) -> Contract:
        """Write the next term, and its number on the old one."""
        old = self.contracts[number]
        successor = replace(
            old,
            shoken_no=self._unused_number(number, seed),
            teiketsu_bi=today,
            hoken_kikan=old.hoken_kikan.following(),
            tokyu=old.tokyu.next_term(),
            keizokumoto_shoken_no=number,
            quirks=frozenset(),
            **changes,
        )
        self.contracts[number] = replace(old, keizokugo_shoken_no=successor.shoken_no)
        self.contracts[successor.shoken_no] = successor
        return successor

    def _unused_number(self, number: str, seed: int) -> str:
        for turn in range(1_000):
            digest = hashlib.sha256(f"{seed}/{number}/{turn}".encode()).digest()
            candidate = f"09{int.from_bytes(digest[:8]) % 10**8:08d}"
            if candidate not in self.contracts:
                return candidate
        raise RuntimeError("no contract number is left")


def opened(now: datetime) -> Book:
    """The book as the personas have it, seen from *now*."""
    told = personas.read()
    return Book(told.dairiten, {persona.code: persona for persona in told.personas}, personas.contracts(told, now))


def folded(name: Name) -> tuple[str, str]:
    return _plain(name.sei), _plain(name.mei)


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
