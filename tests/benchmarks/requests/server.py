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

NANOSECONDS = 1e9
KIB = 1024

PATIENCE_SECONDS = 60


class Server:
    def __init__(self, url: str, pid: int) -> None:
        self.url = url
        self._at = Path("/proc") / str(pid)

    @property
    def cpu_seconds(self) -> float:
        """What all threads that live have used."""
        threads = (self._at / "task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / NANOSECONDS

    @property
    def peak_bytes(self) -> int:
        lines = (self._at / "status").read_text().splitlines()
        (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
        return int(peak) * KIB


@asynccontextmanager
async def started(place: Place, log: Path, *, core: int) -> AsyncIterator[Server]:
    """
    Run a server on this core until the block ends.

    Raises:
        AssertionError: it does not begin; *log* says why.
    """
    with log.open("wb") as paper:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.benchmarks.requests.serving"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=paper,
            preexec_fn=partial(os.sched_setaffinity, 0, {core}),
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(msgspec.json.encode(place) + b"\n")
            async with asyncio.timeout(PATIENCE_SECONDS):
                url = (await process.stdout.readline()).decode().strip()
            assert url, f"{place.kind} did not begin; see {log}"
            yield Server(url, process.pid)
        finally:
            process.stdin.close()
            await process.wait()
