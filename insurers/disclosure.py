"""What another insurer would be told, line by line, for the customer to read before anything is sent."""

from insurers.canonical import Json, canonical, sha256
from insurers.identity import InsurerCode, PolicyRef
from insurers.person import Private
from insurers.risk import DataCategory
from insurers.text import Text


class Line(Private, frozen=True, kw_only=True):
    """One value that would be told, of which policy, and under which category."""

    policy: PolicyRef
    category: DataCategory
    label: Text
    value: Text


class Disclosure(Private, frozen=True, kw_only=True):
    """
    What one insurer would be told of a customer's contracts elsewhere, and the sentence to agree to.

    `needed` are the categories without which it quotes nothing; any other may be withheld.
    """

    insurer: InsurerCode
    needed: frozenset[DataCategory]
    categories: frozenset[DataCategory]
    lines: tuple[Line, ...]
    statement: Text

    @property
    def fingerprint(self) -> str:
        """What an agreement names, so that nothing else than what was read is told."""
        lines: list[Json] = [
            [line.policy.insurer, str(line.policy.number), line.category.value, line.label.ja, line.value.ja]
            for line in self.lines
        ]
        return sha256(canonical({"insurer": self.insurer, "lines": lines, "statement": self.statement.ja}))
