"""People whom nobody tells apart: members with so many cars each, as many as are wanted."""

from collections.abc import Sequence
from datetime import date

from insurers.sandbox import Resident
from insurers.sompo.sandbox import personas
from insurers.sompo.sandbox.office import Office
from insurers.sompo.sandbox.personas import Account, Persona, Policy
from insurers.sompo.sandbox.persons import Person

PASSWORD = "Mihon2026"
MATURES_IN_DAYS = 30

# Of a resident's first contract, second contract, …; a plate's kana comes of it.
LETTERS = "RSTUVWXY"

KANJI = str.maketrans("0123456789", "〇一二三四五六七八九")


def move_in(here: Office, count: int, policies: int = 1) -> Sequence[Resident]:
    """Let *count* more in. Each is exempt from passcodes (WIRE.md §4.1), and has contracts that may be renewed."""
    first = here.residents + 1
    here.residents += count
    return [_settle(here, _persona(number, policies)) for number in range(first, first + count)]


def _settle(here: Office, persona: Persona) -> Resident:
    personas.settle(persona, here.book, here.members, here.world.clock())
    here.members.by_mail(persona.mail).is_exempt = True
    return Resident(
        user_id=persona.mail, password=PASSWORD, numbers=tuple(policy.number for policy in persona.contracts)
    )


def _persona(number: int, policies: int) -> Persona:
    digits = f"{number:04}"
    return Persona(
        name=f"resident_{digits}",
        shows="One of the crowd.",
        person=Person(
            family="住民",
            given=digits.translate(KANJI),
            born=date(1980, 1, 1),
            postal_code="1600099",
            address=f"東京都新宿区見本町90-{number}",
            phone=f"090-0000-{number % 10_000:04}",
        ),
        mail=f"resident-{digits}@example.jp",
        member=Account(password=PASSWORD),
        contracts=[
            Policy(number=_policy_number(number, place), matures_in_days=MATURES_IN_DAYS) for place in range(policies)
        ],
    )


def _policy_number(number: int, place: int) -> str:
    """A plate shows the first three digits and the last four (`personas`), so these tell residents apart."""
    series, serial = divmod(number, 10_000)
    return f"{LETTERS[place]}{500 + series}{serial:06}"
