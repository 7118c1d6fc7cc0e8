"""A process under test, as the machine sees it: what it costs, and how large it has grown."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import msgspec

from tests.benchmarks.requests.place import Place
from tests.benchmarks.requests.stages import BEGIN_LOOKING, END_LOOKING, Look

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
KIB = 1024

PATIENCE_SECONDS = 60

# Who has nothing to do uses less than a tick in so long.
LOOK_SECONDS = 0.05

# What it says of its time is one line.
LONGEST_LINE_BYTES = 1 << 24


class Server:
    """`url` is where it answers, once it was opened."""

    _process: asyncio.subprocess.Process
    _place: Place

    def __init__(self, log: Path, *, core: int) -> None:
        self.url = ""
        self._log = log
        self._core = core
        self._peak = 0

    async def launch(self) -> None:
        """Let it read its program."""
        with self._log.open("ab") as paper:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "tests.benchmarks.requests.serving"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=LONGEST_LINE_BYTES,
                stderr=paper,
                preexec_fn=partial(os.sched_setaffinity, 0, {self._core}),
            )

    async def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def open_anew(self) -> None:
        """Put another process in the place of this one."""
        self._peak = self.peak_bytes
        await self.end()
        await self.launch()
        await self.open(self._place)

    async def open(self, place: Place) -> None:
        """
        Have it open itself there.

        Raises:
            AssertionError: it does not; its log says why.
        """
        assert self._process.stdin is not None
        self._place = place
        self._process.stdin.write(msgspec.json.encode(place) + b"\n")
        async with asyncio.timeout(PATIENCE_SECONDS):
            self.url = (await self._said()).decode().strip()
        assert self.url, f"{place.kind} did not begin; see {self._log}"

    async def _said(self) -> bytes:
        assert self._process.stdout is not None
        return await self._process.stdout.readline()

    @property
    def cpu_seconds(self) -> float:
        """What all its threads have used, those that are no more among them."""
        # Behind the name in brackets; see proc(5).
        fields = self._told("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND

    async def rested(self) -> float:
        """Wait until it has nothing more to do, and answer what it has used by then."""
        used, before = self.cpu_seconds, -1.0
        while used > before:
            await asyncio.sleep(LOOK_SECONDS)
            used, before = self.cpu_seconds, used
        return used

    @property
    def peak_bytes(self) -> int:
        """The most that any of its processes has taken."""
        lines = self._told("status").splitlines()
        (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
        return max(int(peak) * KIB, self._peak)

    def _told(self, name: str) -> str:
        return Path("/proc", str(self._process.pid), name).read_text()

    def begin_looking(self) -> None:
        self._process.send_signal(BEGIN_LOOKING)

    async def end_looking(self) -> Look:
        """Answer where its time went since it was told to look."""
        self._process.send_signal(END_LOOKING)
        return msgspec.json.decode(await self._said(), type=Look)


@asynccontextmanager
async def launched(log: Path, *, core: int) -> AsyncIterator[Server]:
    """Let a server read its program on this core; it ends with the block."""
    server = Server(log, core=core)
    await server.launch()
    try:
        yield server
    finally:
        await server.end()
