"""The insurer's memory of persons, contracts and applications."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from msgspec.structs import replace

from insurers.sandbox import Accepted

from . import names, papers, personas, rating
from .contracts import NO_RIDER, Agency, Contract, Name, Scheme
from .names import folded
from .personas import Persona

# A corporation and a 団体契約 have no place in the portal for persons (MS-ACC-02, MS-SCP-05).
NOT_FOR_THE_PORTAL = frozenset({"HOJIN", "DANTAI_KEIYAKU"})


@dataclass(frozen=True)
class Application:
    """An accepted application, to be told again to whoever asks with its key."""

    fingerprint: str
    answer: Mapping[str, object]


@dataclass
class Book:
    agency: Agency
    scheme: Scheme
    personas: dict[str, Persona]
    contracts: dict[str, Contract]
    applications: dict[tuple[str, str], Application] = field(default_factory=dict, repr=False)
    revisions: dict[str, int] = field(default_factory=dict)
    paper_revisions: Counter[str] = field(default_factory=Counter)
    pressed: set[str] = field(default_factory=set)
    used_codes: set[str] = field(default_factory=set)
    ledger: list[Accepted] = field(default_factory=list)
    riders: list[str] = field(default_factory=list)

    def of(self, holder_code: str) -> list[Contract]:
        """A person's contracts, by maturity."""
        own = (contract for contract in self.contracts.values() if contract.holder_code == holder_code)
        return sorted(own, key=lambda contract: (contract.hoken_kikan.manki, contract.shoken_no))

    def identify(self, name: Name, kana: Name, born: date, employee_number: str | None) -> Persona | None:
        """Who this is, or `None`, whatever of it does not fit."""
        for persona in self.personas.values():
            if not _is(persona, name, kana, born):
                continue
            in_group = any(contract.is_group_handled for contract in self.of(persona.code))
            if not in_group or names.plain(employee_number or "") == persona.shain_no:
                return persona
        return None

    def named(self, name: Name, kana: Name, born: date, number: str, now: datetime) -> Contract | None:
        """The contract in force that has this number and this holder, or `None`, whatever does not fit."""
        contract = self._in_force(number, now)
        if contract and _is(self.personas[contract.holder_code], name, kana, born):
            return contract
        return None

    def by_code(self, user_id: str, code: str, now: datetime) -> Persona | None:
        """Whose first user ID (or policy number) and first password this is (MS-REG-20)."""
        contract, wanted = self._in_force(user_id, now), names.number(user_id)
        for persona in self.personas.values():
            printed = persona.tetsuzuki
            if printed is None or printed.is_masked or persona.code in self.used_codes:
                continue
            known = printed.shokai_user_id == wanted or (contract and contract.holder_code == persona.code)
            if known and secrets.compare_digest(printed.tetsuzuki_code, names.number(code)):
                return persona
        return None

    def _in_force(self, number: str, now: datetime) -> Contract | None:
        contract = self.contracts.get(names.number(number))
        return contract if contract and now < contract.hoken_kikan.manki else None

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
        if number in self.riders:
            self.riders.append(successor.shoken_no)
        return successor

    def let_riders_renew(self, now: datetime, *, seed: int) -> None:
        """What nobody renewed and nobody declined is renewed at maturity, as it stands (WIRE.md §5.3)."""
        for number in [number for number in self.riders if self.contracts[number].renews_itself(now)]:
            self.renew_as_it_stands(number, today=self.contracts[number].hoken_kikan.manki.date(), seed=seed)
            self.contracts[number] = replace(self.contracts[number], renewed_by_rider=True)

    def decline_rider(self, number: str, now: datetime) -> bool:
        """Take the rider off, as the agency does for its customer; tell whether it was in time (WIRE.md §5.3)."""
        contract = self.contracts[number]
        until = contract.rider_declinable_until
        in_time = until is not None and now < until and contract.keizokugo_shoken_no is None
        if in_time:
            self.contracts[number] = replace(contract, jido_keizoku_tokuyaku=NO_RIDER)
        return in_time

    def renew_as_it_stands(self, number: str, *, today: date, seed: int) -> Contract:
        """At the price of the day."""
        contract = self.contracts[number]
        risk = rating.risk(contract, contract.joken, contract.tokyu.next_term())
        total = rating.annual(risk, contract.erabi, revision=self.revision(number))
        return self.renew(number, today=today, seed=seed, nenkan_gokei=total)

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
    contracts = personas.contracts(told, now)
    riders = [number for number, contract in contracts.items() if contract.has_rider]
    return Book(
        told.dairiten, told.dantai, {persona.code: persona for persona in told.personas}, contracts, riders=riders
    )


def _is(persona: Persona, name: Name, kana: Name, born: date) -> bool:
    holder = persona.keiyakusha
    typed, filed = (folded(name), folded(kana), born), (folded(holder.shimei), folded(holder.kana), holder.seinengappi)
    return typed == filed
