"""The operator's file of agencies (TOML): who sells for which insurers, and who works there."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec
from msgspec import Struct

from gateway import viewer
from insurers.agency import Agency, Agent, AgentRole, Appointment, Branch
from insurers.contact import Contact
from insurers.feed import FeedAccess
from insurers.identity import AgencyCode, InsurerCode
from insurers.person import Private
from insurers.text import Text

# Stands for every insurer that is here, where an agency has the same code and secret at all of them.
EVERY_INSURER = "*"


class WrongFile(Exception):
    """The file cannot be taken over, and nothing of it was. Says one sentence for each thing wrong, and no secret."""

    def __init__(self, sentences: Iterable[Text]) -> None:
        self.sentences = tuple(sentences)
        super().__init__(*(sentence.en for sentence in self.sentences))


class Roll(NamedTuple):
    """Everybody whom the file names."""

    agencies: tuple[Agency, ...]
    agents: tuple[Agent, ...]


class Surroundings(Struct, frozen=True, kw_only=True):
    """
    What the file leaves to where it is read.

    `issuer` signs the agents' tokens, unless the file names another. `subject` answers the subject of
    a person who is named without one, and is None where everybody needs one. `variables` are those
    of the environment, where secrets may stand.
    """

    issuer: str
    insurers: Collection[InsurerCode]
    variables: Mapping[str, str]
    subject: Callable[[str], str] | None = None


class _Contact(Struct, frozen=True, forbid_unknown_fields=True):
    phone: str | None = None
    url: str | None = None
    hours: str | None = None


class _Branch(Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    name: str


class _Appointment(Private, frozen=True, forbid_unknown_fields=True):
    insurer: str
    code: str
    secret: str | None = None
    secret_env: str | None = None


class _Agent(Private, frozen=True, forbid_unknown_fields=True):
    name: str
    subject: str | None = None
    role: AgentRole = AgentRole.AGENT
    branch: str | None = None
    email: str | None = None
    solicitors: tuple[str, ...] = ()


class _Agency(Private, frozen=True, forbid_unknown_fields=True):
    id: str
    name: str
    contact: _Contact = _Contact()
    branches: tuple[_Branch, ...] = ()
    appointments: tuple[_Appointment, ...] = ()
    agents: tuple[_Agent, ...] = ()


class _File(Private, frozen=True, forbid_unknown_fields=True):
    agencies: tuple[_Agency, ...]
    issuer: str | None = None


def read(text: str, around: Surroundings) -> Roll:
    """
    Answer everybody whom the file names.

    Raises:
        WrongFile: it cannot be taken over.
    """
    file = _parsed(text)
    flaws = [*_flaws(file, around), *_same_twice(file, around)]
    if flaws:
        raise WrongFile(flaws)
    issuer = file.issuer or around.issuer
    return Roll(
        tuple(_agency(agency, around) for agency in file.agencies),
        tuple(_agent(agent, agency.id, issuer, around) for agency in file.agencies for agent in agency.agents),
    )


# msgspec tells where as "- at `$.agencies[0].name`".
_WHERE = re.compile(r" - at `\$\.?([^`]*)`$")
# tomllib tells where as "(at line 3, column 5)".
_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


def _parsed(text: str) -> _File:
    try:
        return msgspec.convert(tomllib.loads(text), type=_File)
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        # Where it ends too soon, no line is told.
        place = Text("{}行{}列", "Line {}, column {}") if found else Text("ファイルの末尾", "At the end of the file")
        at = found.groups() if found else ()
        raise WrongFile(
            [Text(f"{place.ja.format(*at)}: TOMLとして読めません。", f"{place.en.format(*at)}: this is not TOML.")]
        ) from None
    except msgspec.ValidationError as error:
        found = _WHERE.search(str(error))
        where, said = (found[1] if found else "", _WHERE.sub("", str(error)))
        raise WrongFile([_wrong(where or "(top)", "値が正しくありません", said)]) from None


def _flaws(file: _File, around: Surroundings) -> Iterator[Text]:
    if not file.agencies:
        yield _wrong(
            "agencies",
            "代理店がありません。このまま取り込むと全員が利用できなくなります",
            "there is no agency, and nobody who works anywhere could do anything any more",
        )
    for place, agency in enumerate(file.agencies):
        at = f"agencies[{place}]"
        if not re.fullmatch(r"[a-z0-9_-]{1,40}", agency.id):
            yield _wrong(f"{at}.id", "英小文字・数字・-・_ で指定してください", "small letters, digits, - and _ only")
        yield from _empty({f"{at}.name": agency.name})
        for number, branch in enumerate(agency.branches):
            yield from _empty({f"{at}.branches[{number}].code": branch.code})
        for number, appointment in enumerate(agency.appointments):
            yield from _flaws_of_appointment(appointment, f"{at}.appointments[{number}]", around)
        branches = {branch.code for branch in agency.branches}
        for number, agent in enumerate(agency.agents):
            where = f"{at}.agents[{number}]"
            if agent.branch is not None and agent.branch not in branches:
                yield _wrong(f"{where}.branch", "branches にない拠点です", "it is none of this agency's branches")
            yield from _empty({f"{where}.name": agent.name, f"{where}.subject": agent.subject})
            if agent.subject is None and around.subject is None:
                yield _wrong(f"{where}.subject", "トークンの sub を指定してください", "give the `sub` of their tokens")


def _flaws_of_appointment(appointment: _Appointment, at: str, around: Surroundings) -> Iterator[Text]:
    if appointment.insurer not in {EVERY_INSURER, *around.insurers}:
        known = ", ".join(sorted(around.insurers))
        yield _wrong(f"{at}.insurer", f"{known} のいずれかを指定してください", f"it must be one of {known}")
    yield from _empty({f"{at}.code": appointment.code, f"{at}.secret": appointment.secret})
    if (appointment.secret is None) == (appointment.secret_env is None):
        yield _wrong(f"{at}.secret", "secret か secret_env の一方を指定してください", "give secret or else secret_env")
    elif appointment.secret_env is not None and not around.variables.get(appointment.secret_env):
        yield _wrong(f"{at}.secret_env", "この環境変数がありません", "this variable is not in the environment")


def _same_twice(file: _File, around: Surroundings) -> Iterator[Text]:
    named: dict[str, Iterable[str]] = {
        "agencies.id": (agency.id for agency in file.agencies),
        "agents.subject": (
            subject for agency in file.agencies for agent in agency.agents if (subject := _subject(agent, around))
        ),
    }
    for agency in file.agencies:
        named[f"{agency.id}: branches.code"] = (branch.code for branch in agency.branches)
        named[f"{agency.id}: appointments.insurer"] = (
            code for appointment in agency.appointments for code in _insurers(appointment, around)
        )
    # Whoever has another's code at an insurer reads the other's feed.
    named["appointments.code"] = (
        f"{code} {appointment.code}"
        for agency in file.agencies
        # One agency with an insurer twice was told of above.
        for code, appointment in {
            code: appointment for appointment in agency.appointments for code in _insurers(appointment, around)
        }.items()
    )
    for where, values in named.items():
        if any(count > 1 for count in Counter(values).values()):
            yield _wrong(where, "同じ値が二度あります", "the same stands there twice")


def _empty(values: Mapping[str, str | None]) -> Iterator[Text]:
    for where, value in values.items():
        if value is not None and not value.strip():
            yield _wrong(where, "空です。値を指定してください", "it is empty, and needs a value")


def _wrong(where: str, ja: str, en: str) -> Text:
    return Text(f"{where}: {ja}。", f"{where}: {en}.")


def _agency(said: _Agency, around: Surroundings) -> Agency:
    return Agency(
        id=said.id,
        name=said.name,
        contact=Contact(
            label=Text(said.name, said.name), phone=said.contact.phone, url=said.contact.url, hours=said.contact.hours
        ),
        branches=tuple(Branch(code=branch.code, name=branch.name) for branch in said.branches),
        appointments=tuple(
            Appointment(
                insurer=insurer,
                access=FeedAccess(
                    insurer=insurer, agency=AgencyCode(appointment.code), secret=_secret(appointment, around)
                ),
            )
            for appointment in said.appointments
            for insurer in _insurers(appointment, around)
        ),
    )


def _agent(said: _Agent, agency: str, issuer: str, around: Surroundings) -> Agent:
    return Agent(
        id=viewer.party(issuer, _subject(said, around)),
        agency=agency,
        name=said.name,
        role=said.role,
        branch=said.branch,
        email=said.email,
        solicitors=said.solicitors,
    )


def _subject(agent: _Agent, around: Surroundings) -> str:
    return agent.subject or (around.subject(agent.name) if around.subject else "")


def _secret(appointment: _Appointment, around: Surroundings) -> str:
    return appointment.secret or around.variables[appointment.secret_env or ""]


def _insurers(appointment: _Appointment, around: Surroundings) -> list[InsurerCode]:
    every = appointment.insurer == EVERY_INSURER
    return sorted(around.insurers) if every else [InsurerCode(appointment.insurer)]
