"""
Who watched a whole run, and says which requirement nobody saw held.

A test that exists may still be skipped, or never be collected. Only a run of everything can tell, so
a run of some tests is not judged.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.architecture.requirements import without_example

# Options of pytest that make a run one of some tests.
NARROWING = (
    "keyword",
    "markexpr",
    "deselect",
    "ignore",
    "ignore_glob",
    "lf",
    "stepwise",
    "collectonly",
    "setuponly",
    "setupplan",
    "maxfail",
)


class Witness:
    """A pytest plugin, for the process that hears every report: a worker of xdist hears only its own."""

    def __init__(self, required: Mapping[str, tuple[str, ...]]) -> None:
        self._required = required
        self._passed: set[str] = set()
        self._unseen: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self._passed |= {report.nodeid, without_example(report.nodeid)}

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        judged = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if not judged or not whole(session.config):
            return
        self._unseen = [
            f"{identity}: {test}"
            for identity, tests in self._required.items()
            for test in tests
            if test not in self._passed
        ]
        if self._unseen:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._unseen:
            terminalreporter.section("requirements whose test did not pass", red=True)
            for line in self._unseen:
                terminalreporter.write_line(line)


def whole(config: pytest.Config) -> bool:
    """Answer whether all tests there are were asked for."""
    if any(config.getoption(option, None) for option in NARROWING):
        return False
    everything = config.rootpath / "tests"
    asked = [(config.invocation_params.dir / Path(argument)).resolve() for argument in config.args]
    return any(everything == path or path in everything.parents for path in asked)
