"""What a suite's commands told: which checks passed, and which did not."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from tests.clients.suites import AWAITED, Command, Suite

# A line of TAP. A suite of suites tells its parts indented, before it tells itself; only the parts are checks.
TAP = re.compile(r"^( *)(not )?ok \d+ - (.*?)(?: # (SKIP|TODO)\b.*)?$", re.MULTILINE)
# A line of pytest's summary with `-rA`.
PYTEST = re.compile(r"^(PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS) (?:\S+::)?(\S+)", re.MULTILINE)


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    AWAITED = "awaited"


class Check(Struct, frozen=True):
    name: str
    verdict: Verdict


class Run(Struct, frozen=True, kw_only=True):
    """A command that has ended."""

    command: Command
    status: int
    output: str


class Outcome(Struct, frozen=True, kw_only=True):
    suite: Suite
    runs: Sequence[Run]
    seconds: float

    @property
    def checks(self) -> Sequence[Check]:
        return [judged(self.suite.name, name, passed) for run in self.runs for name, passed in told(run)]

    def count(self, verdict: Verdict) -> int:
        return sum(check.verdict is verdict for check in self.checks)

    @property
    def good(self) -> bool:
        complete = len(self.runs) == len(self.suite.commands)
        return complete and bool(self.checks) and not self.count(Verdict.FAILED)


def told(run: Run) -> Iterable[tuple[str, bool]]:
    """
    Answer each check by name, and whether it passed.

    A command that tells none is a check itself; one that skips a check has not passed it.
    """
    lines = [(match[3], match[2] is None and match[4] is None) for match in TAP.finditer(run.output)]
    lines += [(_sentence(match[2]), match[1] == "PASSED") for match in PYTEST.finditer(run.output)]
    if not lines or (run.status != 0 and all(passed for _, passed in lines)):
        lines.append((" ".join(run.command), run.status == 0))
    return lines


def _sentence(test: str) -> str:
    return test.removeprefix("test_").replace("_", " ")


def judged(suite: str, name: str, passed: bool, awaited: Mapping[tuple[str, str], str] = AWAITED) -> Check:
    if (suite, name) not in awaited:
        return Check(name, Verdict.PASSED if passed else Verdict.FAILED)
    if passed:
        return Check(f"{name}: passes, and is no longer to be awaited", Verdict.FAILED)
    return Check(f"{name}: waits for {awaited[suite, name]}", Verdict.AWAITED)
