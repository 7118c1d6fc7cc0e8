"""Load on one server: as many requests as it answers over so many connections."""

import asyncio
import os
import shutil
import sys
from functools import partial
from pathlib import Path
from uuid import uuid4

import msgspec
from msgspec import Struct

SCRIPT = Path(__file__).with_name("post.lua")

MISSING = "wrk is not here; Debian has it in the package wrk (apt-get install wrk)."


class Load(Struct, frozen=True, kw_only=True):
    """How it went. Times are in seconds; `refused` counts answers that tell of errors, `broken` what had no answer."""

    requests: int
    seconds: float
    p50: float
    p99: float
    refused: int
    broken: int


def generator() -> str:
    """
    Answer where wrk is.

    Raises:
        SystemExit: it is not here.
    """
    return shutil.which("wrk") or sys.exit(MISSING)


async def put(url: str, lines: Path, *, connections: int, seconds: int, core: int) -> Load:
    """
    Ask what stands in these lines by turns for so long, each connection again as soon as it is answered.

    Raises:
        AssertionError: something was refused, or had no answer.
    """
    asking = await asyncio.create_subprocess_exec(
        generator(),
        *("--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s"),
        *("--timeout", "30s", "--script", str(SCRIPT), url),
        env={"BENCH_LINES": str(lines), "BENCH_RUN": str(uuid4())},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        preexec_fn=partial(os.sched_setaffinity, 0, {core}),
    )
    out, err = await asking.communicate()
    assert asking.returncode == 0, err.decode()
    load = msgspec.json.decode(out.splitlines()[-1], type=Load)
    assert load.refused == load.broken == 0, f"{url}: {load}"
    return load
