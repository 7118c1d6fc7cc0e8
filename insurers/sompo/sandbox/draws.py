"""The numbers that this insurer makes up."""

import random


class Draws:
    """
    Keys, passcodes and numbers; the same ones in the same order from the same seed.

    A sandbox guards nothing, and a simulation wants to be repeated.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose, see above
        self._policies = 0
        self._members = 0

    def key(self, letters: int = 32) -> str:
        return f"{self._random.getrandbits(4 * letters):0{letters}x}"

    def passcode(self) -> str:
        return f"{self._random.randrange(1_000_000):06d}"

    def policy_number(self) -> str:
        self._policies += 1
        return f"S{700_000_000 + self._policies}"

    def member_number(self) -> str:
        self._members += 1
        return f"K{200_000_000 + self._members}"
