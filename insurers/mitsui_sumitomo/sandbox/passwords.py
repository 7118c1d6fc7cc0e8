"""What this insurer thinks of a password, and how it keeps one (WIRE.md §3.6)."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from functools import cache

from .problems import Refusal

# MS-PWD-01. The case clause is printed, and broken by the examples beside it (MS-PWD-02).
PRINTED_RULE = (
    "6文字以上、半角英数字・半角記号・数字・記号から2種類以上を組み合わせ、"
    "必ず大文字・小文字をそれぞれ1文字以上含む。例) abc123, SP@CN123, 7890123456 など"
)
SHORTEST = 6
KINDS = (r"[A-Za-z]", r"[0-9]", r"[!-/:-@\[-`{-~]")
KINDS_WANTED = 2

# An imitation keeps nobody's real password, and a crowd signs in at once.
COST = 2**10


@dataclass(frozen=True)
class Hashed:
    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)

    @classmethod
    def of(cls, password: str) -> "Hashed":
        salt = secrets.token_bytes(16)
        return cls(salt, _digest(password, salt))

    def fits(self, password: str) -> bool:
        return secrets.compare_digest(self.digest, _digest(password, self.salt))


@cache
def public(password: str) -> Hashed:
    """For what stands in the open anyway, as the personas' do: a hash is slow on purpose, and made once."""
    return Hashed.of(password)


# Fits nothing, and takes as long to say so.
NOBODYS = Hashed(secrets.token_bytes(16), secrets.token_bytes(64))


def refuse(password: str, again: str) -> None:
    """
    Raises:
        Refusal: `password-differs`, or `password-refused` with the insurer's verdict.
    """
    if password != again:
        raise Refusal("password-differs")
    if verdict := _verdict(password):
        raise Refusal("password-refused", kisoku=PRINTED_RULE, detail=verdict)


def _verdict(password: str) -> str | None:
    if not re.fullmatch(r"[!-~]+", password):
        return "パスワードは半角で入力してください。"
    if len(password) < SHORTEST:
        return "パスワードは6文字以上で入力してください。"
    if sum(bool(re.search(kind, password)) for kind in KINDS) < KINDS_WANTED:
        return "パスワードは英字・数字・記号から2種類以上を組み合わせてください。"
    return None


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=COST, r=8, p=1)
