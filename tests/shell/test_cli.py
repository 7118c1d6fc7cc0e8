"""The `tabane` command as a person meets it: its help, its work, and what it says when it cannot."""

import asyncio
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from gateway import cli, serving, settings, tokens
from gateway.commands import troubles
from gateway.demo import customer
from gateway.demo.teller import Unverified
from gateway.development import now
from gateway.settings import Given
from gateway.vault import fresh_key
from insurers import panel
from tests.processes import Said
from tests.processes import tabane as forked

ROOT = Path(__file__).parents[2]

SECRET = "correct-horse-battery-staple"

COMMANDS = [
    (),
    ("demo",),
    ("compare",),
    ("dev",),
    ("serve",),
    ("worker",),
    ("token",),
    ("sandbox",),
    ("mailbox",),
    ("schema",),
    ("schema", "print"),
    ("schema", "publish"),
    ("schema", "check"),
    ("db",),
    ("db", "upgrade"),
    ("keys",),
    ("keys", "new"),
    ("keys", "rotate"),
    ("agency",),
    ("agency", "import"),
    ("agency", "list"),
    ("book",),
    ("book", "import"),
    ("book", "sync"),
    ("book", "status"),
    ("insurers",),
    ("insurers", "list"),
]


class Command:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *words: str) -> Said:
        self._monkeypatch.setattr(sys, "argv", ["tabane", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = self._capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)


@pytest.fixture
def tabane(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(monkeypatch, capsys)


@contextmanager
def started(*words: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A command that runs until it is told to stop, and reads its program from nothing."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gateway", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def stopped(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> Said:
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    return Said(process.returncode, out, err)


def line(stream: Iterator[str] | None, pattern: str) -> re.Match[str]:
    """Read until a line matches."""
    for text in stream or ():
        found = re.search(pattern, text)
        if found:
            return found
    raise AssertionError(f"nothing like {pattern} was said")


def fetch(url: str) -> tuple[int, str]:
    try:
        with urlopen(url, timeout=10) as answer:  # noqa: S310 (our own server)
            return answer.status, answer.read().decode()
    except HTTPError as answer:
        with answer:
            return answer.code, answer.read().decode()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(tabane: Command, words: tuple[str, ...]) -> None:
    said = tabane(*words, "--help")

    assert 0 == said.status
    assert " ".join(("tabane", *words)) in said.out


def test_help_waits_for_nothing_heavy() -> None:
    heavy = ["aiohttp", "gql", "graphql", "joserfc", "pydantic", "sqlalchemy", "starlette", "strawberry", "uvicorn"]
    program = f"import sys, gateway.cli; print([name for name in {heavy} if name in sys.modules])"

    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)

    assert "[]\n" == said.stdout


def test_an_unknown_command_is_a_mistake_of_the_caller(tabane: Command) -> None:
    assert 2 == tabane("renew").status


def test_wrong_settings_are_told_in_both_languages(tabane: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABANE_PORT", "secret-of-somebody")

    assert (
        2,
        "",
        "TABANE_PORT: 整数を指定してください。\nTABANE_PORT: it must be a whole number.\n",
    ) == tabane("serve")


@pytest.mark.parametrize("words", [("token", "--customer", "三住 太郎"), ("dev",)])
def test_nothing_of_development_works_in_production(
    tabane: Command, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], desk: Path
) -> None:
    for name, value in production().items():
        monkeypatch.setenv(name, value)

    said = tabane(*words)

    assert (2, "") == (said.status, said.out)
    assert "Not in production" in said.err
    assert [] == list(desk.iterdir())


def production() -> dict[str, str]:
    return {
        "TABANE_ENVIRONMENT": "production",
        "TABANE_VAULT_KEYS": fresh_key(),
        "TABANE_TOKEN_ISSUER": "https://id.example",
        "TABANE_TOKEN_JWKS": "http://127.0.0.1:9/jwks",
    }


def everybody_elsewhere() -> dict[str, str]:
    """Addresses at which nobody answers: enough to start, and to be told that nobody answers."""
    return {f"TABANE_{code.upper()}_BASE_URL": "http://127.0.0.1:9" for code in panel.discover()}


@pytest.mark.parametrize("words", [("sandbox", "nobody"), ("sandbox", "../money")])
def test_an_unknown_insurer_is_told(tabane: Command, words: tuple[str, ...]) -> None:
    said = tabane(*words)

    assert (2, "") == (said.status, said.out)
    assert f"{words[1]}: there is no such insurer here." in said.err


def test_an_insurer_that_is_not_set_up_is_told(tabane: Command) -> None:
    first = panel.discover()[0]

    said = tabane("worker")

    assert 2 == said.status
    assert f"{first}: its settings (TABANE_{first.upper()}_BASE_URL) are missing or wrong." in said.err
    assert "Traceback" not in said.err


def test_insurers_may_be_set_up_in_the_same_file(desk: Path) -> None:
    (desk / ".env").write_text("\n".join(f"{name}={value}" for name, value in everybody_elsewhere().items()))

    with forked("worker") as process:
        line(process.stderr, "working")
        process.tell(signal.SIGTERM)

        assert 0 == process.end().status


@pytest.mark.parametrize("url", ["x", "http://", "", "http://127.0.0.1:port", "http://a..b"])
def test_an_insurers_address_that_is_none_is_told(tabane: Command, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    for name, value in everybody_elsewhere().items():
        monkeypatch.setenv(name, value)
    last = panel.discover()[-1]
    monkeypatch.setenv(f"TABANE_{last.upper()}_BASE_URL", url)

    said = tabane("worker")

    assert (2, True) == (said.status, f"{last}: its settings (TABANE_{last.upper()}_BASE_URL)" in said.err)


def _is_text(path: Path) -> str:
    path.write_text("no database\n" * 1000)
    return f"sqlite+aiosqlite:///{path}"


NO_DATABASES: dict[str, Callable[[Path], str]] = {
    "nobody listens": lambda folder: f"postgresql+psycopg://tabane:{SECRET}@127.0.0.1:1/tabane",
    "no such option": lambda folder: "postgresql+psycopg://tabane@127.0.0.1:1/tabane?such=none",
    "no such folder": lambda folder: f"sqlite+aiosqlite:///{folder}/nowhere/x.db",
    "no database": lambda folder: _is_text(folder / "x.db"),
}


@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("worker",), ("db", "upgrade"), ("book", "status")])
@pytest.mark.parametrize("why", NO_DATABASES)
def test_a_database_that_is_not_there_is_told_without_its_password(
    tabane: Command, monkeypatch: pytest.MonkeyPatch, desk: Path, words: tuple[str, ...], why: str
) -> None:
    for name, value in (everybody_elsewhere() | {"TABANE_DATABASE_URL": NO_DATABASES[why](desk)}).items():
        monkeypatch.setenv(name, value)

    said = tabane(*words)

    assert (1, "") == (said.status, said.out)
    assert "The database cannot be reached or opened. See TABANE_DATABASE_URL" in said.err
    assert "Traceback" not in said.err
    assert SECRET not in said.err


@pytest.mark.parametrize("words", [("worker",), ("db", "upgrade"), ("keys", "rotate")])
def test_a_database_of_a_later_program_is_told_and_left_as_it_is(
    tabane: Command, monkeypatch: pytest.MonkeyPatch, desk: Path, words: tuple[str, ...]
) -> None:
    tabane("db", "upgrade")
    for name, value in everybody_elsewhere().items():
        monkeypatch.setenv(name, value)
    with closing(sqlite3.connect(desk / ".tabane" / "tabane.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999_later'")

    said = tabane(*words)

    assert 1 == said.status
    assert "The database is of a newer program than this one. Nothing was changed." in said.err
    with closing(sqlite3.connect(desk / ".tabane" / "tabane.db")) as database:
        assert [("9999_later",)] == database.execute("SELECT version_num FROM alembic_version").fetchall()


@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("mailbox", "--host", "no.such.invalid")])
def test_a_host_without_an_address_is_told(
    tabane: Command, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    for name, value in (everybody_elsewhere() | {"TABANE_HOST": "no.such.invalid"}).items():
        monkeypatch.setenv(name, value)

    said = tabane(*words)

    assert (2, True) == (said.status, "The host on which to listen has no address." in said.err)


@pytest.mark.parametrize(
    "words",
    [
        ("mailbox", "--host"),
        ("sandbox", panel.discover()[0], "--host"),
        ("sandbox", panel.discover()[0], "--smtp-host"),
    ],
)
def test_what_cannot_be_a_hosts_name_is_told(tabane: Command, words: tuple[str, ...]) -> None:
    said = tabane(*words, "a..b")

    assert (2, True) == (said.status, "ホスト名ではありません。" in said.err)


@pytest.mark.parametrize("folder", ["/dev/null", "/proc/nope"])
def test_where_nothing_can_be_written_is_told(tabane: Command, folder: str) -> None:
    said = tabane("schema", "publish", folder)

    assert 0 != said.status
    assert folder in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("damaged", [b"", b"{}", b'{"kty": "OKP"}', b"[]", b"\xff\xfe"])
def test_an_issuers_key_that_is_damaged_is_told_and_not_made_anew(tabane: Command, desk: Path, damaged: bytes) -> None:
    tabane("token", "--customer", "三住 太郎")
    file = desk / ".tabane" / "issuer.jwk"
    assert file.is_file()
    file.write_bytes(damaged)

    said = tabane("token", "--customer", "三住 太郎")

    assert (2, "") == (said.status, said.out)
    assert "issuer.jwk in it is damaged." in said.err
    assert damaged == file.read_bytes()


@pytest.mark.parametrize("words", [("--customer", ""), ("--agent", "　"), ("--customer", "三住 太郎", "--agent", "")])
def test_a_token_is_somebodys(tabane: Command, words: tuple[str, ...]) -> None:
    assert (2, "") == ((said := tabane("token", *words)).status, said.out)


def test_a_taken_port_is_told_by_its_number(tabane: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving.listen("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
        said = tabane("serve", "--port", str(port))
        mailbox = tabane("mailbox", "--smtp-port", str(port))

    assert (1, 1) == (said.status, mailbox.status)
    assert f"Port {port} is taken." in said.err
    assert f"Port {port} is taken." in mailbox.err


def test_a_token_is_printed_alone_and_believed(tabane: Command) -> None:
    said = tabane("token", "--customer", "三住　太郎", "--lifetime", "5")

    verifier, _ = tokens.embedded(settings.read(Given), now)
    assert (0, "") == (said.status, said.err)
    assert "三住 太郎" == asyncio.run(verifier.verify(said.out.removesuffix("\n"))).name


def test_a_token_of_an_agent_is_about_the_customer(tabane: Command) -> None:
    own = tabane("token", "--customer", "三住 太郎")
    said = tabane("token", "--customer", "三住 太郎", "--agent", "募集　花子")

    verifier, _ = tokens.embedded(settings.read(Given), now)
    customer, agent = [asyncio.run(verifier.verify(one.out.removesuffix("\n"))) for one in (own, said)]
    assert agent.actor is not None
    assert (customer.subject, ("agent",), "募集 花子") == (agent.subject, agent.roles, agent.actor.name)
    assert customer.actor is None


def test_the_schema_can_be_printed_published_and_compared(tabane: Command, desk: Path) -> None:
    printed, published, current = (
        tabane("schema", "print"),
        tabane("schema", "publish", "told"),
        tabane("schema", "check", "told"),
    )
    sdl = desk / "told" / "schema.graphql"
    assert printed.out == sdl.read_text(encoding="utf-8")
    sdl.write_text(printed.out.replace("type Query", "type Question", 1), encoding="utf-8")
    (desk / "told" / "GLOSSARY.md").unlink()

    old, missing = tabane("schema", "check", "told"), tabane("schema", "check", "nowhere")

    assert [0, 0, 0, 1, 1] == [one.status for one in (printed, published, current, old, missing)]
    assert "-type Question" in old.out
    assert "+type Query" in old.out
    assert "GLOSSARY.md" in old.err
    assert "schema.tools.graphql" not in old.err
    assert "schema.tools.graphql" in missing.err


def test_every_insurer_is_listed(tabane: Command) -> None:
    said = tabane("insurers", "list")

    assert [] == [code for code in panel.discover() if code not in said.out]


def test_tables_are_made_and_made_only_once(tabane: Command, desk: Path) -> None:
    assert [0, 0] == [tabane("db", "upgrade").status, tabane("db", "upgrade").status]
    assert (desk / ".tabane" / "tabane.db").is_file()


def test_production_waits_for_its_tables(tabane: Command, monkeypatch: pytest.MonkeyPatch, desk: Path) -> None:
    (desk / ".tabane").mkdir()
    for name, value in (production() | everybody_elsewhere()).items():
        monkeypatch.setenv(name, value)

    said = tabane("worker")

    assert 1 == said.status
    assert "Run `tabane db upgrade`." in said.err


def test_a_gateway_is_served_and_drained() -> None:
    environment = {"TABANE_PORT": "0", "TABANE_LOG_FORMAT": "json", "TABANE_DRAIN_SECONDS": "30"}

    with started("serve", **environment, **everybody_elsewhere()) as process:
        url = line(process.stderr, r'"url": "([^"]+)"')[1]
        ready = fetch(f"{url}/health/ready")
        process.send_signal(signal.SIGTERM)
        line(process.stderr, "draining")
        draining = fetch(f"{url}/health/ready")
        said = stopped(process)  # Told twice, it waits no longer.

    assert (200, {"status": "ready", "checks": {"database": "ok"}}) == (ready[0], json.loads(ready[1]))
    assert (503, {"status": "draining"}) == (draining[0], json.loads(draining[1]))
    assert 0 == said.status


@pytest.mark.parametrize("code", panel.discover())
def test_a_sandbox_runs_by_itself(code: str) -> None:
    with forked("sandbox", code) as process:
        url = line(process.stdout, r"clock and faults: (\S+)")[1]

        assert "now" in json.loads(fetch(url)[1])
        process.tell(signal.SIGINT)
        assert 0 == process.end().status


def test_a_mailbox_runs_by_itself() -> None:
    with forked("mailbox", "--smtp-port", "0", "--web-port", "0") as process:
        url = line(process.stdout, r"shown: (\S+)")[1]

        assert (200, "[]") == fetch(f"{url}/messages.json")
        process.tell(signal.SIGTERM)
        assert 0 == process.end().status


def test_a_town_opens_with_one_word() -> None:
    with forked("dev", "--port", "0") as process:
        token = line(process.stdout, r"export TOKEN=(\S+)")[1]

        assert 3 == len(token.split("."))
        process.tell(signal.SIGINT)
        assert 0 == process.end().status


def test_a_story_that_stopped_is_told_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == troubles.told(Unverified("the successor: None was read back"))
    assert "The story stopped: the successor: None was read back" in capsys.readouterr().err


def test_what_cannot_be_compared_is_told_with_what_can(tabane: Command) -> None:
    said = tabane("compare", "999", "--share", "--language", "ja")

    assert 1 == said.status
    assert all(number in said.err for number in customer.POLICY_NUMBERS)
    assert "サンドボックスの町で" in said.out


def test_a_mistake_of_ours_is_not_talked_away() -> None:
    with pytest.raises(ZeroDivisionError):
        troubles.told(ZeroDivisionError())
    with pytest.raises(OSError, match="disk"):
        troubles.told(OSError(28, "disk full"))
