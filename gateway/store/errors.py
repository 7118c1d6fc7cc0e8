"""
What the store refuses, sorted by what the caller may do next.

* Conflict         somebody was faster; read again and decide again
  - LeaseLost        another worker has it now; stop at once, and write nothing
* AlreadyLiving    this term is being renewed already; read that renewal
* CarTaken         another application has the car; tell the customer, who may look there
* AlreadyLinked    this customer has another link to this insurer; read that one
* OutOfSequence    a consent that does not follow the last one; read that one
* KeyReused        this idempotency key stood for something else; tell the client
* OutOfDate        the database is of an earlier version; `tabane db upgrade`
* OfALaterProgram  a later program made its tables; take that one
* EarlierEvidence  the database cannot be upgraded; keep it, and begin with an empty one
"""

from insurers.identity import InsurerCode


class Conflict(Exception):
    """The row is not at the version that was read. `current` is its version now, or None when there is no row."""

    def __init__(self, current: int | None) -> None:
        super().__init__(f"the row is at version {current}")
        self.current = current


class LeaseLost(Conflict):
    """The row is no longer leased by who wanted to write it."""


class AlreadyLiving(Exception):
    """A renewal of the same term stands, whoever's it is."""


class CarTaken(Exception):
    """
    Another application covers the same car for the same time, or is about to (P-1).

    `insurer` is where, if it is the same customer's; of anybody else's nothing is told.
    """

    def __init__(self, insurer: InsurerCode | None) -> None:
        super().__init__(insurer)
        self.insurer = insurer


class AlreadyLinked(Exception):
    """Another link stands between the same customer and the same insurer."""


class OutOfSequence(Exception):
    """A consent must name the hash of the last one of its flow, and the next number."""


class KeyReused(Exception):
    """The same idempotency key came with another input."""


class OutOfDate(Exception):
    """The database's tables are older than this program."""


class OfALaterProgram(Exception):
    """The database's tables are of a version that this program has not heard of. Nothing was changed."""


class EarlierEvidence(Exception):
    """The database holds evidence of an earlier program, which can be read by that one only. Nothing was changed."""
