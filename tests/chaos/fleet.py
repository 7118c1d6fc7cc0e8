"""The processes of a trial: begun, killed, begun again at once, and all ended with it."""

import asyncio
import itertools
import os
import random
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path

import aiohttp
from msgspec import Struct

# A machine with two cores that begins eight processes at once is slow, and no defect.
START_SECONDS = 60.0
KNOCK_SECONDS = 0.05

# Below those that systems hand out for connections of any kind.
PORTS = range(20_000, 30_000)


class Kind(StrEnum):
    """What a process is for."""

    WEB = "web"
    WORKER = "worker"
    SANDBOX = "sandbox"


class Post(Struct, frozen=True, kw_only=True):
    """A place in the fleet, whoever holds it now. `sign` is an address that answers 200 when its holder is up."""

    name: str
    kind: Kind
    module: str
    arguments: tuple[str, ...]
    sign: str
    environment: Mapping[str, str] = {}


class NeverUp(RuntimeError):
    """A process did not begin to work; its log says why."""


class Fleet:
    """All in one process group of their own, so that a Ctrl-C reaches them only through us."""

    def __init__(self, folder: Path, environment: Mapping[str, str], http: aiohttp.ClientSession) -> None:
        self.kills: Counter[Kind] = Counter()
        # Who ended although nobody killed him.
        self.fallen: dict[str, str] = {}
        self._folder = folder
        self._environment = environment
        self._http = http
        self._posts: dict[str, Post] = {}
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._group = 0

    async def man(self, *posts: Post) -> None:
        """Begin these, and wait until all are up."""
        for post in posts:
            self._posts[post.name] = post
            await self._begin(post)
        await self.up(*(post.name for post in posts))

    async def up(self, *names: str) -> None:
        """
        Wait until these are up.

        Raises:
            NeverUp: one of them is not, after a time that is long for any machine.
        """
        await asyncio.gather(*(self._up(self._posts[name]) for name in names))

    def names(self, *kinds: Kind) -> list[str]:
        return [post.name for post in self._posts.values() if post.kind in kinds]

    async def kill(self, name: str) -> None:
        """Kill the holder of a post in whatever it is doing, and begin the next one at once."""
        post = self._posts[name]
        self.look()
        process = self._processes[name]
        if process.returncode is None:
            os.kill(process.pid, signal.SIGKILL)
            await process.wait()
            self.kills[post.kind] += 1
        await self._begin(post)

    def look(self) -> None:
        """Note who fell by himself."""
        for name, process in self._processes.items():
            if process.returncode not in (None, -signal.SIGKILL):
                self.fallen.setdefault(name, f"ended with {process.returncode}; see {self._log(name)}")

    async def end(self) -> None:
        """End every process, and whoever was just beginning."""
        self.look()
        if self._group:
            with suppress(ProcessLookupError):
                os.killpg(self._group, signal.SIGKILL)
        await asyncio.gather(*(process.wait() for process in self._processes.values()))

    async def _begin(self, post: Post) -> None:
        with self._log(post.name).open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", post.module, *post.arguments,
                cwd=self._folder, env={**self._environment, **post.environment}, process_group=self._group,
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        self._group = self._group or process.pid
        self._processes[post.name] = process

    async def _up(self, post: Post) -> None:
        try:
            async with asyncio.timeout(START_SECONDS):
                while not await self._answers(post.sign):
                    if self._processes[post.name].returncode is not None:
                        raise NeverUp(self._log(post.name))
                    await asyncio.sleep(KNOCK_SECONDS)
        except TimeoutError:
            raise NeverUp(self._log(post.name)) from None

    async def _answers(self, url: str) -> bool:
        try:
            async with self._http.get(url) as answer:
                return answer.status == HTTPStatus.OK
        except aiohttp.ClientError:
            return False

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"


@asynccontextmanager
async def manned(folder: Path, environment: Mapping[str, str], http: aiohttp.ClientSession) -> AsyncIterator[Fleet]:
    fleet = Fleet(folder, environment, http)
    try:
        yield fleet
    finally:
        await asyncio.shield(fleet.end())


def free_ports(count: int) -> list[int]:
    """Answer ports that nobody holds, and that the system gives to nobody while a process is being replaced."""
    candidates = random.sample(PORTS, len(PORTS))
    return list(itertools.islice(filter(_is_free, candidates), count))


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
