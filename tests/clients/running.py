"""Commands in processes of their own, which end with the one that started them."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.clients.checks import Outcome, Run
from tests.clients.suites import Command, Suite

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"
ENVIRONMENTS = HERE.parents[1] / ".clients"
REQUIREMENTS = "requirements.txt"

# Longer than any suite takes on a busy machine.
PATIENCE_SECONDS = 120
INSTALLING_SECONDS = 600

# What a program needs of the desk on which it is started. Where packages come from is npm's own affair.
NEEDED = ("PATH", "HOME", "LANG")


async def install(suites: Sequence[Suite]) -> Run | None:
    """Install what the lock files name, unless it is there; answer the command that could not."""
    commands = [*_packages(), *(command for suite in suites for command in _environment(suite))]
    for command in commands:
        ran = await run(command, HERE, dict(os.environ), INSTALLING_SECONDS)
        if ran.status:
            return ran
    return None


def _packages() -> Sequence[Command]:
    installed = PACKAGES / ".package-lock.json"
    if installed.is_file() and installed.stat().st_mtime >= (HERE / "package-lock.json").stat().st_mtime:
        return ()
    return (("npm", "ci", "--loglevel=error"),)


def _environment(suite: Suite) -> Sequence[Command]:
    wanted, own = HERE / suite.folder / REQUIREMENTS, ENVIRONMENTS / suite.folder
    installed = own / REQUIREMENTS
    if not wanted.is_file() or (installed.is_file() and installed.read_bytes() == wanted.read_bytes()):
        return ()
    pip = (str(own / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet")
    return (
        (sys.executable, "-m", "venv", "--clear", str(own)),
        (*pip, "install", "--require-hashes", "--requirement", str(wanted)),
        ("cp", str(wanted), str(installed)),
    )


async def run_suite(suite: Suite, environment: Mapping[str, str]) -> Outcome:
    began, runs = time.monotonic(), []
    given = {name: os.environ[name] for name in NEEDED if name in os.environ} | dict(environment)
    given["PATH"] = os.pathsep.join(map(str, (PACKAGES / ".bin", _programs(suite), given["PATH"])))
    for command in suite.commands:
        runs.append(await run(command, HERE / suite.folder, given, PATIENCE_SECONDS))
        if runs[-1].status != 0:
            break
    return Outcome(suite=suite, runs=runs, seconds=time.monotonic() - began)


def _programs(suite: Suite) -> Path:
    own = ENVIRONMENTS / suite.folder
    return own / "bin" if own.is_dir() else Path(sys.executable).parent


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
