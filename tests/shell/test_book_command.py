"""`tabane book` as an operator meets it: a file, a sync beside others, and what it says when it cannot."""

import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gateway import cli, settings
from gateway.commands import book
from gateway.development import AGENCIES, sandboxes
from insurers.identity import InsurerCode
from insurers.panel import find
from insurers.sandbox import TestClock, World, serve
from tests.api.conftest import Letterbox

FILE = Path(__file__).parent / "maturities.dat"  # Of the second agency, with twelve policies.

CODES = tuple(sandboxes())
(IMPORTABLE,) = (code for code in CODES if (feed := find(code).MANIFEST.feed) and feed.importable)
OTHER = next(code for code in CODES if code != IMPORTABLE)


class Said(NamedTuple):
    status: int
    out: str
    err: str


class Shell:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *words: str) -> Said:
        self._monkeypatch.setattr(sys, "argv", ["tabane", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = self._capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    # What stands in JSON may be anything.
    def status(self, agency: str) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = json.loads(self("book", "status", "--agency", agency, "--flaws", "--json").out)
        return told


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


@pytest.fixture
def agencies(shell: Shell) -> None:
    assert 0 == shell("agency", "import", str(AGENCIES)).status


def imported(shell: Shell, file: Path, *words: str) -> Said:
    return shell("book", "import", str(file), "--agency", "hinode", "--insurer", IMPORTABLE, *words)


@pytest.mark.usefixtures("agencies")
def test_a_file_is_entered_once_however_often_it_is_imported(shell: Shell) -> None:
    first, again = imported(shell, FILE), imported(shell, FILE)
    (standing,) = (told for told in shell.status("hinode") if told["insurer"] == IMPORTABLE)

    assert (0, 0) == (first.status, again.status)
    assert "added 12, 変更 changed 0" in first.out
    assert "added 0, 変更 changed 0, 変更なし unchanged 12" in again.out
    assert (12, "done", 12, []) == (
        standing["entries"],
        standing["latest"]["state"],
        standing["latest"]["unchanged"],
        standing["flaws"],
    )


@pytest.mark.usefixtures("agencies")
def test_lines_that_could_not_be_read_are_listed(shell: Shell, tmp_path: Path) -> None:
    lines = FILE.read_bytes().split(b"\r\n")
    lines[3] = lines[3][:100]
    broken = tmp_path / "broken.dat"
    broken.write_bytes(b"\r\n".join(lines))

    said = imported(shell, broken)
    table = shell("book", "status", "--agency", "hinode", "--flaws").out

    assert "added 11" in said.out
    assert "4: truncated" in table
    assert "The line is cut off." in table


@pytest.mark.usefixtures("agencies")
def test_what_is_no_feed_is_said_to_be_none(shell: Shell, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("名前,電話\n", encoding="utf-8")

    said = imported(shell, other)

    assert 1 == said.status
    assert "This is not the feed that we know." in said.out


@pytest.mark.usefixtures("agencies")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("import", str(FILE), "--agency", "nobody", "--insurer", IMPORTABLE), "there is no such agency here"),
        (("import", str(FILE), "--agency", "hinode", "--insurer", OTHER), "gives agencies no file"),
        (("import", str(FILE), "--agency", "hinode", "--insurer", "nowhere"), "there is no such insurer here"),
        (("status", "--agency", "nobody"), "there is no such agency here"),
        (("sync", "--agency", "nobody"), "there is no such agency here"),
    ],
)
def test_what_cannot_be_done_is_said_in_both_languages(shell: Shell, words: Sequence[str], sentence: str) -> None:
    said = shell("book", *words)

    assert (2, True) == (said.status, sentence in said.err)
    assert len(said.err.splitlines()) == 2


def test_without_agencies_there_is_nothing_to_sync(shell: Shell) -> None:
    said = shell("book", "sync")

    assert (2, True) == (said.status, "There is no feed to read." in said.err)


@pytest.fixture
async def towns(clock: TestClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Every insurer's sandbox, where its settings say."""
    world = World(clock=clock, postman=Letterbox())
    async with AsyncExitStack() as stack:
        for code, build in sandboxes().items():
            address = await stack.enter_async_context(serve(build(world)))
            monkeypatch.setenv(f"TABANE_{code.upper()}_BASE_URL", address.url)
        yield


@pytest.mark.usefixtures("agencies", "towns")
async def test_a_sync_reads_every_feed_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    read = settings.read()

    assert await book.synced(read, book.Wish())
    assert await book.synced(read, book.Wish(agency="sakura", insurer=InsurerCode(CODES[0]), anew=True))

    lines = capsys.readouterr().out.splitlines()
    assert 2 * len(CODES) + 1 == sum("完了 done" in line for line in lines)
    assert "追加 added 0" in lines[-1]
