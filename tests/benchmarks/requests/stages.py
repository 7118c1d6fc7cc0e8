"""
Where a server's time goes: its stack is looked at now and then, and each look stands for the CPU time since the last.

The timer counts the CPU of the whole process. A look while another thread worked finds that the main one did not, and
weighs nothing; what those threads used is a stage of its own. Garbage is collected wherever the stack happens to be,
and is timed by itself.
"""

import gc
import re
import signal
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import FrameType

from msgspec import Struct

# Its server is told so; at the end it says in a line what it saw.
BEGIN_LOOKING, END_LOOKING = signal.SIGUSR1, signal.SIGUSR2

INTERVAL_SECONDS = 0.001

ROOTS = ("/site-packages/", f"{Path(__file__).parents[3]}/")

# By where a file is, below our own folder or that of the libraries. The first line that fits decides, and of a stack
# the innermost frame that any line fits; whatever is further in works for that one.
STAGES: Sequence[tuple[str, str]] = (
    ("log and metrics", r"gateway/telemetry|structlog/|prometheus_client/"),
    ("who asks", r"gateway/(tokens/|viewer)|joserfc/"),
    ("store", r"gateway/(store/|vault|events)|sqlalchemy/|aiosqlite/"),
    ("calls to insurers", r"insurers/(\w+/|http|exchange)|aiohttp/|yarl/|multidict/|purgatory/|stamina/|tenacity/"),
    ("host", r"gateway/(journeys/|reading|documents|rate)"),
    ("asking", r"schema/execution/(asking|negotiation|documents|view|incoming|kept)"),
    ("gate", r"schema/execution/(gate|passage|reading|limits|operation|prices|budget|sizes|comparisons)"),
    ("gate", r"schema/(costs|spending)|graphql/(language|validation)/"),
    ("HTTP", r"schema/execution/(lifetime|transports)|uvicorn/|httptools/|starlette/|gateway/(serving|heads|front)"),
    ("encoding", r"schema/execution/(answers|delivery|masking|running)|json/"),
    ("execution", r"schema/execution/|<GraphQL|graphql/|strawberry/"),
    ("resolvers", r"schema/"),
)
LOOP = "event loop and sockets"
GARBAGE = "garbage collection"
OTHER_THREADS = "threads of the database"


class Look(Struct, frozen=True, kw_only=True):
    """Seconds of CPU by stage, and of the main thread by the function of Python's that was innermost."""

    stages: Mapping[str, float]
    functions: Mapping[str, float]


class Sampler:
    def __init__(self) -> None:
        self._stages: defaultdict[str, float] = defaultdict(float)
        self._functions: defaultdict[str, float] = defaultdict(float)
        self._main = self._all = self._seen = self._before = 0.0
        self._collecting = False

    def start(self) -> None:
        self._stages.clear()
        self._functions.clear()
        self._all = time.process_time()
        self._main = self._seen = time.thread_time()
        gc.callbacks.append(self._collect)
        signal.signal(signal.SIGPROF, self._look)
        # What the process waits for is not broken off.
        signal.siginterrupt(signal.SIGPROF, False)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL_SECONDS, INTERVAL_SECONDS)

    def stop(self) -> Look:
        signal.setitimer(signal.ITIMER_PROF, 0)
        gc.callbacks.remove(self._collect)
        others = (time.process_time() - self._all) - (time.thread_time() - self._main)
        return Look(stages={**self._stages, OTHER_THREADS: others}, functions=dict(self._functions))

    def _collect(self, phase: str, _: object) -> None:
        """Keep the time before a collection for the next look, and take its own out of that."""
        gone = self._gone()
        self._collecting = phase == "start"
        if self._collecting:
            self._before += gone
        else:
            self._stages[GARBAGE] += gone

    def _look(self, number: int, frame: FrameType | None) -> None:
        gone = self._gone()
        # What garbage leaves behind in Python is still called while it is collected.
        if self._collecting:
            self._stages[GARBAGE] += gone
            return
        gone, self._before = gone + self._before, 0.0
        if frame is not None:
            self._functions[f"{_place(frame.f_code.co_filename)} {frame.f_code.co_qualname}"] += gone
        self._stages[_stage(frame)] += gone

    def _gone(self) -> float:
        now = time.thread_time()
        gone, self._seen = now - self._seen, now
        return gone


def _stage(frame: FrameType | None) -> str:
    while frame is not None:
        if found := _stage_of(frame.f_code.co_filename):
            return found
        frame = frame.f_back
    return LOOP


@cache
def _stage_of(file: str) -> str | None:
    where = _place(file)
    return next((name for name, pattern in STAGES if re.match(pattern, where)), None)


@cache
def _place(file: str) -> str:
    return next((file.partition(root)[2] for root in ROOTS if root in file), file)
