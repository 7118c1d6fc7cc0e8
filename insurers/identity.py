"""Names by which insurers, policies and plans are known."""

import re
import unicodedata
from typing import NewType

from msgspec import Struct

from insurers.person import Private

InsurerCode = NewType("InsurerCode", str)
"""Stable, lower case, safe in URLs; the name of the insurer's folder or entry point."""

PlanCode = NewType("PlanCode", str)
"""An insurer's own name for a plan, unique within one policy's offer."""

AgencyCode = NewType("AgencyCode", str)
"""An agency's code at one insurer (代理店コード). Every insurer gives its own."""

DASHES = "‐‑‒–—―−ー"
"""What people type for a hyphen besides the hyphen, after NFKC."""

_DROPPED = re.compile(rf"[\s\-{DASHES}]")
_NUMBER = re.compile(r"[A-Za-z0-9]{1,32}")


class PolicyNumber(Private, frozen=True, order=True, gc=False):
    """
    The number of a policy in force (証券番号), as its insurer would print it.

    Build one with `PolicyNumber.parse`, never from raw text.
    """

    text: str

    @classmethod
    def parse(cls, raw: str) -> "PolicyNumber":
        """
        Read a number the way people type it.

        Full-width digits become ASCII, letters become capitals, and spaces and hyphens are
        dropped: the number printed on a paper policy and the number pasted from a spreadsheet
        are the same number.

        Raises:
            ValueError: nothing is left, or something else than A-Z and 0-9 is.
        """
        if _NUMBER.fullmatch(raw):
            # As insurers write it, and few others do not.
            return cls(raw.upper())
        text = _DROPPED.sub("", unicodedata.normalize("NFKC", raw))
        if not _NUMBER.fullmatch(text):
            raise ValueError("not a policy number: 1 to 32 letters A-Z and digits are expected")
        return cls(text.upper())

    def __str__(self) -> str:
        return self.text


class SuccessorNumber(Private, frozen=True, order=True, gc=False):
    """
    The number of the next term (更新後の証券番号), issued when a renewal is accepted.

    A type of its own, because an insurer refuses it where the current number is asked for
    (SJ-REG-10).
    """

    text: str

    def __str__(self) -> str:
        return self.text


class PolicyRef(Struct, frozen=True, order=True, gc=False):
    """One policy at one insurer. Two insurers may well print the same number."""

    insurer: InsurerCode
    number: PolicyNumber
