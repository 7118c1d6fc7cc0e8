"""A network in memory. Bytes need a moment, arrive in order, and stop when either end is gone."""

import asyncio
import socket
from collections.abc import Callable, Iterable
from contextvars import Context
from typing import TYPE_CHECKING, Any

from tests.lives.place import PLACE, Place

if TYPE_CHECKING:
    from tests.lives.loop import VirtualLoop

FIRST_PORT = 40_000


class Side(asyncio.Transport):
    """One end of a connection."""

    def __init__(self, loop: "VirtualLoop", context: Context, facts: dict[str, Any]) -> None:
        super().__init__(facts)
        self._loop = loop
        self.context = context
        self._closing = False
        self._reading = True
        self._held: list[bytes | None] = []
        # Nothing overtakes what was sent before.
        self._clear_at = 0.0
        self.protocol: asyncio.Protocol | None = None
        self.other: Side | None = None

    def made(self, protocol: asyncio.Protocol, other: "Side") -> None:
        self.protocol, self.other = protocol, other
        protocol.connection_made(self)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self._closing:
            self._send(bytes(data))

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.write(b"".join(list_of_data))

    def _send(self, data: bytes | None) -> None:
        """Send bytes, or None for the end of them."""
        other = self.other
        if other is None:
            return
        self._clear_at = max(self._clear_at, self._loop.time() + self._loop.latency)
        self._loop.call_at(self._clear_at, other.arrive, data, context=other.context)

    def arrive(self, data: bytes | None) -> None:
        if self._closing or self.protocol is None:
            return
        if not self._reading:
            self._held.append(data)
        elif data is not None:
            self.protocol.data_received(data)
        else:
            self._lose(None)

    def pause_reading(self) -> None:
        self._reading = False

    def resume_reading(self) -> None:
        self._reading = True
        held, self._held = self._held, []
        for data in held:
            self._loop.call_soon(self.arrive, data, context=self.context)

    def is_reading(self) -> bool:
        return self._reading

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if not self._closing:
            self._send(None)
            self._lose(None)

    def abort(self) -> None:
        self.close()

    def _lose(self, error: Exception | None) -> None:
        self._closing = True
        protocol, self.protocol = self.protocol, None
        if protocol is not None:
            self._loop.call_soon(protocol.connection_lost, error, context=self.context)

    def get_write_buffer_size(self) -> int:
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """There is no buffer: what is written is on its way."""

    def can_write_eof(self) -> bool:
        return False


class Listening(asyncio.AbstractServer):
    """A door, and what aiohttp wants to know of it."""

    def __init__(self, network: "Network", address: tuple[str, int]) -> None:
        self._network = network
        self.address = address

    @property
    def sockets(self) -> list["Listening"]:
        return [self]

    def getsockname(self) -> tuple[str, int]:
        return self.address

    def close(self) -> None:
        self._network.doors.pop(self.address, None)

    async def wait_closed(self) -> None:
        """Nobody is inside."""

    async def start_serving(self) -> None:
        """It serves from the beginning."""

    async def serve_forever(self) -> None:
        await asyncio.Event().wait()

    def is_serving(self) -> bool:
        return self.address in self._network.doors

    def get_loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()


class Network:
    def __init__(self, loop: "VirtualLoop") -> None:
        self._loop = loop
        self._next_port = FIRST_PORT
        self.doors: dict[tuple[str, int], tuple[Callable[[], asyncio.Protocol], Context]] = {}
        self._knocking: dict[socket.socket, tuple[str, int]] = {}
        self._sides: dict[Place, list[Side]] = {}

    def listen(self, factory: Callable[[], asyncio.Protocol], host: str, port: int) -> Listening:
        self._next_port += 1
        address = (host, port or self._next_port)
        self.doors[address] = (factory, PLACE.get().context())
        return Listening(self, address)

    async def knock(self, sock: socket.socket, address: Any) -> None:
        if PLACE.get().doomed:
            raise ConnectionAbortedError("who is dead reaches nobody")
        await asyncio.sleep(self._loop.latency)
        if tuple(address[:2]) not in self.doors:
            raise ConnectionRefusedError(f"nobody listens at {address}")
        self._knocking[sock] = tuple(address[:2])

    def connected(self, sock: socket.socket, factory: Callable[[], asyncio.Protocol]) -> tuple[Side, asyncio.Protocol]:
        """Raises ConnectionRefusedError where nobody listens any more."""
        sock.close()
        address = self._knocking.pop(sock)
        if address not in self.doors:
            raise ConnectionRefusedError(f"nobody listens at {address}")
        answering, there = self.doors[address]
        here = PLACE.get()
        from_ = (here.name, FIRST_PORT)
        ours = Side(self._loop, here.context(), {"peername": address, "sockname": from_})
        theirs = Side(self._loop, there, {"peername": from_, "sockname": address})
        self._sides.setdefault(here, []).append(ours)
        protocol = factory()
        ours.made(protocol, theirs)
        self._loop.call_soon(lambda: theirs.made(answering(), ours), context=there)
        return ours, protocol

    def cut(self, place: Place) -> None:
        """Close all that this place has open, as a system does for a process that is gone, and let it open no more."""
        for side in self._sides.pop(place, ()):
            side.abort()
