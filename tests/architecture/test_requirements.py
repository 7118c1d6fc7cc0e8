"""Every requirement of the leaflets, and everything that must never happen, has its test, which is there and ran."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.architecture import requirements
from tests.architecture.requirements import Requirement

LETTER = """
# 3 Of something else

| id | what | test |
| --- | --- | --- |
| AC-OLD-01 | another table | tests/test_a.py::test_it |

# 4 Registration: every requirement and its test

| id | what | test |
| --- | --- | --- |
| AC-REG-01 | one test | `tests/test_a.py::test_it` |
| AC-REG-02 | several, one of them of a class | tests/test_a.py::test_it<br>`tests/test_b.py::TestIt::test_it` |

## What must never happen

| id | never | guard | test |
| --- | --- | --- | --- |
| P-1 | two | a lock | `tests/test_a.py::test_it` |
| P-12 | three | a fence | later: the book |

## 5. The end

| AC-REG-03 | under another heading | `tests/test_a.py::test_it` |
"""

SUITE = """
import pytest

def test_held():
    pass

@pytest.mark.parametrize("number", [1, 2])
def test_with_examples(number):
    pass

@pytest.mark.skip(reason="none of today's")
def test_skipped():
    pass

class TestOfClass:
    def test_held(self):
        pass
"""

WATCHED = """
from tests.architecture.witness import Witness

def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Witness({required!r}), "requirements")
"""


class Run(NamedTuple):
    status: int
    out: str


def run(folder: Path, required: Mapping[str, tuple[str, ...]], *words: str) -> Run:
    """Run an invented suite of tests, watched, in a process of its own."""
    suite = folder / "tests" / "invented"
    suite.mkdir(parents=True)
    (suite / "test_suite.py").write_text(SUITE)
    (folder / "conftest.py").write_text(WATCHED.format(required=dict(required)))
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = tests\naddopts = --import-mode=importlib\n")
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *(("-p", "xdist") if "-n" in words else ()), *words],
        cwd=folder,
        # What other plugins bring with them is of no use to the invented suite, and takes most of its time.
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        | {"PYTHONPATH": str(root), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    return Run(ended.returncode, ended.stdout + ended.stderr)


HELD = {
    "AC-REG-01": ("tests/invented/test_suite.py::test_held",),
    "AC-REG-02": (
        "tests/invented/test_suite.py::test_with_examples",
        "tests/invented/test_suite.py::test_with_examples[2]",
        "tests/invented/test_suite.py::TestOfClass::test_held",
    ),
}
SKIPPED = {"AC-REG-03": ("tests/invented/test_suite.py::test_skipped",)}


def test_each_letter_has_exactly_its_requirements(root: Path) -> None:
    wanted = requirements.lists(root).wanted
    letters = {
        letter: requirements.tables((root / letter).read_text(encoding="utf-8"), titles)
        for letter, titles in wanted.items()
    }

    assert {letter: {title: sorted(ids) for title, ids in titles.items()} for letter, titles in wanted.items()} == {
        letter: {title: sorted(requirement.id for requirement in rows) for title, rows in tables.items()}
        for letter, tables in letters.items()
    }


def test_every_insurer_with_a_letter_is_on_the_list(root: Path, folders: list[str]) -> None:
    letters = {letter for folder in folders if (root / (letter := f"{folder.replace('.', '/')}/WIRE.md")).is_file()}

    assert letters == {letter for letter in requirements.lists(root).wanted if letter.startswith("insurers/")}


def test_every_test_that_holds_a_requirement_is_there(root: Path) -> None:
    named = requirements.named(root)

    assert [] == [f"{i}: {test}" for i, tests in named.items() for test in tests if not requirements.exists(root, test)]


def test_no_requirement_is_without_a_test_but_those_of_parts_that_are_not_built(root: Path) -> None:
    untested = [identity for identity, tests in requirements.named(root).items() if not tests]

    assert requirements.lists(root).later == untested


def test_a_table_is_read_under_its_heading_only() -> None:
    read = requirements.tables(LETTER, ["Registration", "What must never happen", "Renewal"])

    assert {
        "Registration": [
            Requirement("AC-REG-01", ("tests/test_a.py::test_it",)),
            Requirement("AC-REG-02", ("tests/test_a.py::test_it", "tests/test_b.py::TestIt::test_it")),
        ],
        "What must never happen": [Requirement("P-1", ("tests/test_a.py::test_it",)), Requirement("P-12", ())],
    } == read


@pytest.mark.parametrize(
    ("test", "there"),
    [
        ("tests/test_suite.py::test_held", True),
        ("tests/test_suite.py::test_with_examples", True),
        ("tests/test_suite.py::test_with_examples[2]", True),
        ("tests/test_suite.py::TestOfClass::test_held", True),
        ("tests/test_suite.py::TestOfPromises::test_promised", True),
        ("tests/test_suite.py::TestOfClass::test_promised", False),
        ("tests/test_suite.py::Promises::test_promised", False),
        ("tests/test_suite.py::test_nobody_wrote", False),
        ("tests/test_suite.py::TestOfClass", False),
        ("tests/test_suite.py", False),
        ("tests/test_elsewhere.py::test_held", False),
        ("insurers/conformance.py::test_held", False),
    ],
)
def test_a_test_is_found_without_being_imported(tmp_path: Path, test: str, there: bool) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_suite.py").write_text(f"import nothing\n{SUITE}\nclass TestOfPromises(Promises): ...\n")
    (tmp_path / "insurers").mkdir()
    (tmp_path / "insurers" / "conformance_card.py").write_text("class Card:\n    async def test_promised(self): ...\n")
    (tmp_path / "insurers" / "conformance.py").write_text("class Promises(Card): ...\n")

    assert there is requirements.exists(tmp_path, test)


@pytest.mark.parametrize("workers", [(), ("-n", "2", "--dist", "loadfile")], ids=["alone", "xdist"])
def test_a_whole_run_that_saw_everything_held_passes(tmp_path: Path, workers: tuple[str, ...]) -> None:
    said = run(tmp_path, HELD, *workers)

    assert 0 == said.status, said.out
    assert "requirements whose test did not pass" not in said.out


@pytest.mark.parametrize(
    "workers", [(), ("-n", "2", "--dist", "loadfile"), ("tests",)], ids=["alone", "xdist", "named"]
)
def test_a_whole_run_fails_by_a_named_test_that_did_not_pass(tmp_path: Path, workers: tuple[str, ...]) -> None:
    said = run(tmp_path, HELD | SKIPPED | {"AC-REG-04": ("tests/invented/test_suite.py::test_gone",)}, *workers)

    assert 1 == said.status, said.out
    assert "requirements whose test did not pass" in said.out
    assert "AC-REG-03: tests/invented/test_suite.py::test_skipped\n" in said.out
    assert "AC-REG-04: tests/invented/test_suite.py::test_gone\n" in said.out
    assert "AC-REG-01" not in said.out


@pytest.mark.parametrize(
    "words", [("-k", "held"), ("tests/invented",), ("tests/invented/test_suite.py::test_held",)], ids=" ".join
)
def test_a_run_of_some_tests_is_not_judged(tmp_path: Path, words: tuple[str, ...]) -> None:
    said = run(tmp_path, SKIPPED, *words)

    assert 0 == said.status, said.out
