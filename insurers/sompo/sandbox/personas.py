"""Who stands in this world when it begins: `personas.json`, with its days counted from the clock."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files

import msgspec

from insurers.sandbox import TOKYO
from insurers.sompo.sandbox import groups, rating
from insurers.sompo.sandbox.book import Book
from insurers.sompo.sandbox.contracts import Agency, Car, Contract, Drivers, Grade, Quirk
from insurers.sompo.sandbox.forms import MOST_AT_ONCE
from insurers.sompo.sandbox.members import Member, Members
from insurers.sompo.sandbox.persons import Person

GROUP_HANDLED = "20"
PAYROLL_DEDUCTION, ACCOUNT_TRANSFER = "10", "20"
INSTALMENTS = 12

KANA_OF_PLATES = "さすせそたちつてとなにぬねのはひふほまみむめもやゆよ"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True, kw_only=True)
class Policy:
    """
    A contract of a persona; its parts are names in `Cast`.

    `plate` is the car's, where it is known by one. `grade` is level and claims-loaded years.
    `holder` is what the contract on file says otherwise than the person. `group` is its code, or nothing where a
    contract is nobody's but its holder's. `successor` is the number of a next term already signed.
    """

    number: str
    matures_in_days: int
    form: str = GROUP_HANDLED
    car: str = "highlander"
    plate: str = ""
    drivers: str = "couple"
    covers: str = "usual"
    group: str = groups.MIHON.code
    grade: tuple[int, int] = (12, 0)
    holder: dict[str, str | None] = field(default_factory=dict)
    successor: str = ""
    accident_days_ago: int | None = None
    quirks: set[Quirk] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Account:
    """A persona who is a member from the start."""

    password: str = field(repr=False)
    device_keys: list[str] = field(default_factory=list, repr=False)
    asked_at_next_login: bool = False


@dataclass(frozen=True, kw_only=True)
class Persona:
    """
    An invented person, and what meeting them shows.

    `person` is who is on the contracts, but for what a contract has under `holder`. `enters` is what the
    person types otherwise. `password` is typed at registration and again at its end, but for `types_again`.
    """

    name: str
    shows: str
    person: Person
    mail: str
    contracts: list[Policy]
    enters: dict[str, str] = field(default_factory=dict)
    numbers: list[str] | None = None
    password: str = field(default="Himawari2026", repr=False)
    types_again: str = field(default="", repr=False)
    employee_number: str = "100000000"
    member: Account | None = None


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The whole file."""

    agency: Agency
    cars: dict[str, Car]
    drivers: dict[str, Drivers]
    covers: dict[str, dict[str, str]]
    personas: list[Persona]


@cache
def cast() -> Cast:
    return msgspec.json.decode(files(__package__).joinpath("personas.json").read_bytes(), type=Cast)


def arrive(book: Book, members: Members, now: datetime) -> None:
    """Bring every persona into *book* and *members*, as of *now*."""
    for persona in cast().personas:
        settle(persona, book, members, now)


def settle(persona: Persona, book: Book, members: Members, now: datetime) -> None:
    for policy in persona.contracts:
        contract = _contract(persona, policy, now)
        book.contracts[contract.number] = contract
        if policy.successor:
            book.sign(contract, contract.covers, number=policy.successor)
    if persona.member:
        members.enrol(_member(persona, persona.member, members.draws.member_number()))
        for key in persona.member.device_keys:
            members.devices.trust(members.by_mail(persona.mail), key)


def _contract(persona: Persona, policy: Policy, now: datetime) -> Contract:
    end = datetime.combine(now.date() + timedelta(days=policy.matures_in_days), time(16), TOKYO)
    level, loaded_years = policy.grade
    contract = Contract(
        number=policy.number,
        form=policy.form,
        holder=msgspec.convert({**msgspec.to_builtins(persona.person), **policy.holder}, Person),
        insured=persona.person,
        owner=persona.person,
        group=groups.Asked(policy.group).handled,
        employee_number=persona.employee_number,
        agency=cast().agency,
        start=_a_year_before(end),
        end=end,
        car=replace(cast().cars[policy.car], plate=policy.plate or _plate(policy.number)),
        drivers=cast().drivers[policy.drivers],
        grade=Grade(level=level, loaded_years=loaded_years),
        covers=cast().covers[policy.covers],
        payment=PAYROLL_DEDUCTION if policy.group else ACCOUNT_TRANSFER,
        instalments=INSTALMENTS,
        last_accident=None if policy.accident_days_ago is None else _days_before(now, policy.accident_days_ago),
        quirks=set(policy.quirks),
    )
    paid = rating.premium(rating.rated(contract), contract.covers, contract.grade, rating.FIRST_YEN_PER_POINT)
    contract.premium = paid.total
    return contract


def _member(persona: Persona, account: Account, number: str) -> Member:
    return Member(
        number=number,
        mail=persona.mail,
        password=account.password,
        person=persona.person,
        contracts=[policy.number for policy in persona.contracts],
        wants_maturity_mail=True,
        asks_devices=account.asked_at_next_login,
    )


def tell(persona: Persona) -> dict[str, object]:
    """Describe *persona* to whoever would play it."""
    person = msgspec.to_builtins(persona.person)
    # Nobody is asked for a reading here.
    types = {name: value for name, value in person.items() if not name.endswith("_kana")} | persona.enters
    numbers = [policy.number for policy in persona.contracts]
    told: dict[str, object] = {
        "name": persona.name,
        "shows": persona.shows,
        "mail": persona.mail,
        "contracts": numbers,
        "enters": {**types, "numbers": numbers[:MOST_AT_ONCE] if persona.numbers is None else persona.numbers},
    }
    if persona.member:
        return told | {"member": msgspec.to_builtins(persona.member)}
    return told | {"password": persona.password, "types_again": persona.types_again or persona.password}


def _days_before(now: datetime, days: int) -> date:
    return now.date() - timedelta(days=days)


def _plate(number: str) -> str:
    """No two contracts are on one car (P-1), so a plate is made of what tells their numbers apart."""
    kana = KANA_OF_PLATES[ord(number[0]) - ord("A")]
    digits = number[1:].translate(FULL_WIDTH)
    return f"見本　{digits[:3]}　{kana}　{digits[5:7]}−{digits[7:]}"


def _a_year_before(end: datetime) -> datetime:
    day = 28 if (end.month, end.day) == (2, 29) else end.day
    return end.replace(year=end.year - 1, day=day)
