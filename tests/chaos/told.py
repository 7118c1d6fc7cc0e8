"""What customers were told of their renewals, written down outside of everything that may be killed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

# With one of these, an application was acknowledged: it must not get lost.
ACKNOWLEDGED = frozenset({"QUEUED", "SUBMITTING", "UNCONFIRMED", "ACCEPTED"})


@dataclass
class Heard:
    """All that was ever said of one renewal. `number` is of the policy that was said to be issued."""

    insurer: str
    version: int = 0
    statuses: set[str] = field(default_factory=set)
    number: str | None = None

    @property
    def acknowledged(self) -> bool:
        return bool(self.statuses & ACKNOWLEDGED)


class Told:
    def __init__(self, file: Path) -> None:
        self.heard: dict[str, Heard] = {}
        self._began = monotonic()
        self._file = file.open("w", encoding="utf-8")

    # An answer is whatever was asked for.
    def hear(self, answer: Mapping[str, Any], door: str) -> None:
        """Write down every renewal in an answer, before the customer acts on it."""
        for value in (answer.get("data") or {}).values():
            if not isinstance(value, dict):
                continue
            renewal = value if value.get("__typename") == "Renewal" else value.get("renewal")
            if isinstance(renewal, dict) and "version" in renewal:
                self._note(renewal, [error["code"] for error in value.get("errors", [])], door)

    def _note(self, renewal: Mapping[str, Any], errors: list[str], door: str) -> None:
        heard = self.heard.setdefault(renewal["id"], Heard(renewal["insurer"]["code"]))
        heard.version = max(heard.version, renewal["version"])
        heard.statuses.add(renewal["status"])
        heard.number = (renewal["result"] or {}).get("newPolicyNumber") or heard.number
        line = {
            "at": round(monotonic() - self._began, 3),
            "door": door,
            "renewal": renewal["id"],
            "version": renewal["version"],
            "status": renewal["status"],
            "errors": errors,
        }
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()

    def close(self) -> None:
        self._file.close()
