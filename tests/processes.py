"""
Processes of their own for tests, forked from one that has read the program already.

Reading it takes longer than most of what such a process is for. That a command also starts from nothing is shown by
`tests/shell/test_cli.py`.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from contextlib import chdir
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, NamedTuple, Self

ROOT = Path(__file__).parents[1]

PATIENCE_SECONDS = 60

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    [
        *(f"gateway.commands.{file.stem}" for file in sorted((ROOT / "gateway" / "commands").glob("[a-z]*.py"))),
        "tests.journeys.doomed_gateway",
        "tests.store.doomed",
    ]
)


class Said(NamedTuple):
    status: int
    out: str
    err: str


# Whatever the target takes that a pickle can carry.
def forked(target: Callable[..., None], *args: Any) -> ForkServerProcess:
    # It looks for modules in the folder where it is asked to begin.
    with chdir(ROOT):
        forkserver.ensure_running()
    process = PROCESSES.Process(target=target, args=args)
    process.start()
    return process


class Forked:
    """What a process says and how it ends; it is killed where the block ends, at the latest."""

    # As for `forked`.
    def __init__(self, target: Callable[..., None], *args: Any) -> None:
        out, to_out = PROCESSES.Pipe(duplex=False)
        err, to_err = PROCESSES.Pipe(duplex=False)
        with out, to_out, err, to_err:
            self.stdout, self.stderr = [os.fdopen(os.dup(end.fileno()), encoding="utf-8") for end in (out, err)]
            self._process = forked(_speak, to_out, to_err, dict(os.environ), Path.cwd(), target, args)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.kill()
        self._process.join()
        self._process.close()
        self.stdout.close()
        self.stderr.close()

    def tell(self, number: signal.Signals) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        """Let it be over, if it is not."""
        self._process.kill()

    def end(self) -> Said:
        """Wait for it, and answer all that was not read yet."""
        err: list[str] = []
        reading = Thread(target=lambda: err.append(self.stderr.read()))
        reading.start()
        out = self.stdout.read()
        reading.join()
        self._process.join(PATIENCE_SECONDS)
        assert self._process.exitcode is not None, "it has closed its mouth and does not end"
        return Said(self._process.exitcode, out, err[0])


def tabane(*words: str, **environment: str) -> Forked:
    """A `tabane` command, with these settings, and none of whoever runs the tests."""
    return Forked(_command, words, environment)


def _command(words: tuple[str, ...], environment: dict[str, str]) -> None:
    from gateway import cli

    for name in [name for name in os.environ if name.startswith("TABANE_")]:
        del os.environ[name]
    os.environ.update(environment)
    sys.argv = ["tabane", *words]
    cli.main()


# As for `forked`.
def _speak(
    out: Connection,
    err: Connection,
    environment: dict[str, str],
    folder: Path,
    target: Callable[..., None],
    args: tuple[Any, ...],
) -> None:
    for end, number in ((out, 1), (err, 2)):
        os.dup2(end.fileno(), number)
        end.close()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    target(*args)
