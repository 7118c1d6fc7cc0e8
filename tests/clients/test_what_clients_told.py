"""What a suite tells is counted as it was meant, and what is installed for it is what was pinned."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.clients.checks import Check, Outcome, Run, Verdict, judged, told
from tests.clients.running import REQUIREMENTS
from tests.clients.suites import AWAITED, NODE_TEST, SUITES, Suite

HERE = Path(__file__).parent

TAP = """TAP version 13
# Subtest: it renews
ok 1 - it renews
  ---
  duration_ms: 1.5
  ...
not ok 2 - it pages
ok 3 - it watches # SKIP no socket
1..3
"""


def run(output: str = "", status: int = 0) -> Run:
    return Run(command=("tsc",), status=status, output=output)


def outcome(*runs: Run, commands: int = 1) -> Outcome:
    return Outcome(suite=Suite(name="any", folder="any", commands=(NODE_TEST,) * commands), runs=runs, seconds=0.0)


def test_each_line_of_tap_is_a_check_and_one_that_was_skipped_has_not_passed() -> None:
    assert [("it renews", True), ("it pages", False), ("it watches", False)] == list(told(run(TAP, status=1)))


def test_each_test_of_a_client_in_python_is_a_check() -> None:
    told_by_pytest = run("PASSED main_job.py::test_it_renews\nFAILED main_job.py::test_it_pages - assert 1 == 2\n", 1)

    assert [("it renews", True), ("it pages", False)] == list(told(told_by_pytest))


@pytest.mark.parametrize(
    ("ended", "checks"),
    [
        (run("Done.", status=0), [("tsc", True)]),
        (run("error TS2322", status=2), [("tsc", False)]),
        (run("ok 1 - it renews\n", status=1), [("it renews", True), ("tsc", False)]),
    ],
)
def test_a_command_that_ended_badly_is_a_check_that_failed(ended: Run, checks: list[tuple[str, bool]]) -> None:
    assert checks == list(told(ended))


@pytest.mark.parametrize(
    ("passed", "verdict"),
    [(False, Verdict.AWAITED), (True, Verdict.FAILED)],
)
def test_what_is_awaited_may_fail_and_must_not_pass_unnoticed(passed: bool, verdict: Verdict) -> None:
    awaited: Mapping[tuple[str, str], str] = {("any", "it pages"): "pages"}

    assert verdict is judged("any", "it pages", passed, awaited).verdict
    assert Check("it renews", Verdict.FAILED) == judged("any", "it renews", False, awaited)


def test_a_suite_is_good_when_all_its_commands_ran_and_nothing_failed() -> None:
    assert outcome(run(), run("ok 1 - it renews\n"), commands=2).good
    assert not outcome(run(), commands=2).good
    assert not outcome(run(TAP, status=1)).good
    assert not outcome(commands=0).good


def test_every_suite_has_its_folder_and_its_letter_and_awaits_only_its_own_checks() -> None:
    assert [] == [suite.name for suite in SUITES if not (HERE / suite.folder / "README.md").is_file()]
    assert {name for name, _ in AWAITED} <= {suite.name for suite in SUITES}


def test_versions_are_pinned_and_the_lock_file_names_no_host() -> None:
    wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    locked = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    installed = {path: package for path, package in locked.items() if path}

    assert wanted == {name: installed[f"node_modules/{name}"]["version"] for name in wanted}
    assert [] == [path for path, package in installed.items() if "resolved" in package]
    assert [] == [path for path, package in installed.items() if "integrity" not in package]


def test_clients_in_python_are_pinned_by_their_hashes_and_name_no_host() -> None:
    locks = [(HERE / suite.folder / REQUIREMENTS) for suite in SUITES]
    texts = [lock.read_text(encoding="utf-8") for lock in locks if lock.is_file()]

    assert texts
    assert all("--hash=sha256:" in text and "://" not in text and "--index" not in text for text in texts)
