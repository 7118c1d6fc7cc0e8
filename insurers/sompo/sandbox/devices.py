"""Trusted devices (信頼できる端末, WIRE.md §4.4 to 4.6)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from insurers.sompo.sandbox.draws import Draws

if TYPE_CHECKING:
    from insurers.sompo.sandbox.members import Member

DEAD_WHEN_UNUSED = timedelta(days=365)
ASKED_WHEN_UNUSED = timedelta(days=90)


@dataclass(kw_only=True)
class Device:
    """`replaces` is the key that this one was given for; it dies when this one is first used."""

    member: "Member"
    used_at: datetime
    asked: bool = False
    replaces: str = field(default="", repr=False)


@dataclass
class Devices:
    """Every device that is trusted, by its key. A member may have several."""

    now: Callable[[], datetime]
    draws: Draws
    _devices: dict[str, Device] = field(default_factory=dict)

    def trust(self, member: "Member", key: str = "", *, replaces: str = "") -> str:
        key = key or self.draws.key(64)
        self._devices[key] = Device(member=member, used_at=self.now(), replaces=replaces)
        return key

    def find(self, key: str) -> Device | None:
        device = self._devices.get(key)
        if device is None or self.now() >= device.used_at + DEAD_WHEN_UNUSED:
            return None
        return device

    def is_asked(self, device: Device) -> bool:
        """Is *device* itself to bring a passcode before it opens anything?"""
        return device.asked or device.member.asks_devices or self.now() >= device.used_at + ASKED_WHEN_UNUSED

    def use(self, device: Device) -> None:
        device.used_at = self.now()
        if device.replaces:
            self._devices.pop(device.replaces, None)
            device.replaces = ""

    def renew(self, member: "Member", older: str) -> str:
        """Answer a new key in place of *older*, which opens nothing any more but another passcode."""
        if device := self._devices.get(older):
            device.asked = True
            member.asks_devices = False
        return self.trust(member, replaces=older)

    def distrust(self, key: str, member: "Member | None" = None) -> None:
        """Let *key* die, if it is *member*'s or nobody in particular asks."""
        device = self._devices.get(key)
        if device and member in (None, device.member):
            del self._devices[key]

    def forget(self, member: "Member") -> None:
        self._devices = {key: device for key, device in self._devices.items() if device.member is not member}
