"""Commands in processes of their own, which end with the one that started them."""

import asyncio
import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.clients.checks import Outcome, Run
from tests.clients.suites import Command, Suite

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"

# Longer than any suite takes on a busy machine.
PATIENCE_SECONDS = 120
INSTALLING_SECONDS = 600

# What a program needs of the desk on which it is started. Where packages come from is npm's own affair.
NEEDED = ("PATH", "HOME", "LANG")


async def install() -> Run | None:
    """Install what the lock file names, unless it is there; answer what npm said."""
    installed = PACKAGES / ".package-lock.json"
    if installed.is_file() and installed.stat().st_mtime >= (HERE / "package-lock.json").stat().st_mtime:
        return None
    return await run(("npm", "ci", "--loglevel=error"), HERE, dict(os.environ), INSTALLING_SECONDS)


async def run_suite(suite: Suite, environment: Mapping[str, str]) -> Outcome:
    began, runs = time.monotonic(), []
    given = {name: os.environ[name] for name in NEEDED if name in os.environ} | dict(environment)
    given["PATH"] = f"{PACKAGES / '.bin'}{os.pathsep}{given['PATH']}"
    for command in suite.commands:
        runs.append(await run(command, HERE / suite.folder, given, PATIENCE_SECONDS))
        if runs[-1].status != 0:
            break
    return Outcome(suite=suite, runs=runs, seconds=time.monotonic() - began)


async def run(command: Command, folder: Path, environment: Mapping[str, str], seconds: float) -> Run:
    """Run it to its end, or end it and whatever it started when it takes longer than *seconds*."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(seconds):
            output, _ = await process.communicate()
    except TimeoutError:
        return Run(command=command, status=1, output=f"not ok 0 - ended within {seconds:.0f} seconds")
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    return Run(command=command, status=process.returncode or 0, output=output.decode(errors="replace"))
