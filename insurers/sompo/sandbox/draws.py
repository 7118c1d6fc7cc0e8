"""The numbers that this insurer makes up."""

import secrets


class Draws:
    """
    Keys and passcodes, which nobody can foresee; policy and member numbers, which count upwards.

    Keys outlive a sandbox in whoever keeps them, so those of one that was restarted or reset
    must never meet those it gave to others before.
    """

    def __init__(self) -> None:
        self._policies = 0
        self._members = 0

    def key(self, letters: int = 32) -> str:
        return secrets.token_hex(letters // 2)

    def passcode(self) -> str:
        return f"{secrets.randbelow(1_000_000):06d}"

    def policy_number(self) -> str:
        self._policies += 1
        return f"S{700_000_000 + self._policies}"

    def member_number(self) -> str:
        self._members += 1
        return f"K{200_000_000 + self._members}"
