"""The operator's file of agencies: what stands in it, and what is said of one that cannot be taken over."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gateway import settings, tokens, viewer
from gateway.agency_file import Surroundings, WrongFile, read
from gateway.development import AGENCIES, now
from gateway.settings import Given
from gateway.tokens.issuer import subject
from gateway.viewer import party
from insurers import panel
from insurers.agency import AgentRole
from insurers.identity import InsurerCode
from schema.ports import Role
from tests.shell.test_cli import Command, tabane

__all__ = ["tabane"]

ISSUER = "https://id.example"
ACME, OTHER = InsurerCode("acme"), InsurerCode("other")
SECRET = "the-secret-of-the-feed"

FILE = """
[[agencies]]
id = "kaku"
name = "架空保険"
contact = { phone = "03-0000-0000" }
branches = [{ code = "01", name = "本店" }]
appointments = [
  { insurer = "acme", code = "A1", secret = "the-secret-of-the-feed" },
  { insurer = "other", code = "B2", secret_env = "OTHER_SECRET" },
]

[[agencies.agents]]
name = "架空 花子"
subject = "hanako"
branch = "01"
email = "hanako@kaku.example"
solicitors = ["7"]

[[agencies.agents]]
name = "架空 太郎"
subject = "taro"
role = "manager"
"""

SAME_CODE = """
[[agencies]]
id = "betsu"
name = "別の保険"
appointments = [{ insurer = "*", code = "A1", secret = "another" }]
"""


def around(*, named: bool = True) -> Surroundings:
    secrets = {"OTHER_SECRET": "from-the-environment", "EMPTY": ""}
    own = None if named else subject
    return Surroundings(issuer=ISSUER, insurers=[ACME, OTHER], variables=secrets, subject=own)


def test_everybody_is_who_their_tokens_say() -> None:
    (agency,), (hanako, taro) = read(FILE, around())

    assert ("kaku", "架空保険", "本店") == (agency.id, agency.name, agency.branches[0].name)
    assert [("acme", "A1", SECRET), ("other", "B2", "from-the-environment")] == [
        (one.insurer, one.access.agency, one.access.secret) for one in agency.appointments
    ]
    assert party(ISSUER, "hanako") == hanako.id
    assert ("kaku", AgentRole.AGENT, "01", ("7",), False) == (
        hanako.agency,
        hanako.role,
        hanako.branch,
        hanako.solicitors,
        hanako.sees_all,
    )
    assert (AgentRole.MANAGER, True) == (taro.role, taro.sees_all)
    assert (
        party("https://other.example", "taro") == read(f'issuer = "https://other.example"\n{FILE}', around())[1][1].id
    )


def test_a_name_is_enough_where_anybody_may_have_a_token() -> None:
    (agency, *_), agents = read(AGENCIES.read_text(encoding="utf-8"), around(named=False))

    assert [ACME, OTHER] == [one.insurer for one in agency.appointments]
    assert {"sandbox-S1001"} == {one.access.secret for one in agency.appointments}
    assert party(ISSUER, subject("募集　花子")) == agents[0].id


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ('id = "kaku"', 'id = "架空"', ["agencies[0].id"]),
        ('id = "kaku"', "id = = 3", ["Line 3, column 6"]),
        ('name = "架空保険"', "name = 3", ["agencies[0].name"]),
        ('name = "架空保険"', 'nome = "架空保険"', ["agencies[0]"]),
        ('insurer = "acme"', 'insurer = "nobody"', ["agencies[0].appointments[0].insurer"]),
        ('insurer = "acme"', 'insurer = "*"', ["kaku: appointments.insurer"]),
        ('secret_env = "OTHER_SECRET"', 'secret_env = "EMPTY"', ["agencies[0].appointments[1].secret_env"]),
        (', secret = "the-secret-of-the-feed"', "", ["agencies[0].appointments[0].secret"]),
        ('branch = "01"', 'branch = "02"', ["agencies[0].agents[0].branch"]),
        ('role = "manager"', 'role = "boss"', ["agencies[0].agents[1].role"]),
        ('subject = "taro"', 'subject = "hanako"', ["agents.subject"]),
        ('subject = "taro"\n', "", ["agencies[0].agents[1].subject"]),
        ('subject = "taro"', 'subject = ""', ["agencies[0].agents[1].subject"]),
        ('name = "架空 太郎"', 'name = " "', ["agencies[0].agents[1].name"]),
        ('name = "架空保険"', 'name = ""', ["agencies[0].name"]),
        ('code = "A1"', 'code = ""', ["agencies[0].appointments[0].code"]),
        (f'secret = "{SECRET}"', 'secret = ""', ["agencies[0].appointments[0].secret"]),
        ('{ code = "01", name', '{ code = "", name', ["agencies[0].branches[0].code", "agencies[0].agents[0].branch"]),
        (FILE, "agencies = []", ["agencies"]),
        (FILE, FILE + SAME_CODE, ["appointments.code"]),
    ],
)
def test_what_cannot_be_taken_over_is_told_by_its_place_and_without_the_secret(
    was: str, becomes: str, told: list[str]
) -> None:
    assert was in FILE

    with pytest.raises(WrongFile) as wrong:
        read(FILE.replace(was, becomes, 1), around())

    assert told == [sentence.en.rpartition(": ")[0] for sentence in wrong.value.sentences]
    for sentence in wrong.value.sentences:
        assert sentence.ja != sentence.en
        assert SECRET not in sentence.ja + sentence.en


def test_the_command_takes_a_file_over_again_and_again_and_seals_what_is_nobodys_to_read(
    tabane: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER_SECRET", "from-the-environment")
    monkeypatch.setenv("TABANE_DATA_FOLDER", str(tmp_path / "data"))
    insured, other = panel.discover()[:2]
    text = FILE.replace('"acme"', f'"{insured}"').replace('"other"', f'"{other}"')
    (tmp_path / "agencies.toml").write_text(text, encoding="utf-8")
    (tmp_path / "wrong.toml").write_text(text.replace('role = "manager"', 'role = "boss"'), encoding="utf-8")

    said = [tabane("agency", "import", str(tmp_path / "agencies.toml")) for _ in range(2)]
    wrong = tabane("agency", "import", str(tmp_path / "wrong.toml"))
    (tmp_path / "cut.toml").write_text("agencies = [", encoding="utf-8")
    assert "At the end of the file: this is not TOML." in tabane("agency", "import", str(tmp_path / "cut.toml")).err
    listed = tabane("agency", "list")

    assert [(0, "")] * 2 == [(one.status, one.err) for one in said]
    assert (2, True) == (wrong.status, "agencies[0].agents[1].role" in wrong.err)
    assert "無効" not in said[1].out
    fewer = text.replace('name = "架空 太郎"', 'name = "架空 次郎"').replace('subject = "taro"', 'subject = "jiro"')
    (tmp_path / "agencies.toml").write_text(fewer, encoding="utf-8")
    left = [line for line in tabane("agency", "import", str(tmp_path / "agencies.toml")).out.splitlines()[1:] if line]
    assert [True] == ["Inactive from now on: 架空 太郎" in line for line in left]
    assert all(
        word in listed.out for word in ("kaku", "架空保険", f"{insured} A1", "架空 花子 (01)", "架空 太郎 (manager)")
    )
    with closing(sqlite3.connect(tmp_path / "data" / "tabane.db")) as database:
        kept = "".join(database.iterdump())
    for secret in (SECRET, "from-the-environment", "hanako@kaku.example", "架空 花子"):
        assert secret not in kept
        assert secret.encode().hex().upper() not in kept


def test_a_token_of_an_agent_alone_names_no_customer(tabane: Command) -> None:
    said, nobody = tabane("token", "--agent", "募集 花子"), tabane("token")

    verifier, issuer = tokens.embedded(settings.read(Given), now)
    asker = viewer.asker(asyncio.run(verifier.verify(said.out.removesuffix("\n"))))
    assert (True, Role.AGENT, "募集 花子") == (asker.is_alone, asker.role, asker.actor_name)
    assert party(issuer.issuer, subject("募集 花子")) == asker.actor
    assert 2 == nobody.status
