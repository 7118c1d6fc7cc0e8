"""The seal under a bundle: one Ed25519 signature that only this gateway's keys can make, and anybody can check."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gateway.vault import Keyring
from insurers.canonical import sha256

ALGORITHM = "Ed25519"
SEED_BYTES = 32
PURPOSE = "tabane evidence"


class Notary:
    """Its key rests on the lowest key of the ring, so what was sealed before a rotation is still ours after it."""

    __slots__ = ("_private", "key")

    def __init__(self, keyring: Keyring) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(keyring.derived(PURPOSE, SEED_BYTES))
        self.key = self._private.public_key().public_bytes_raw().hex()

    def __repr__(self) -> str:
        return "Notary(…)"

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.key)

    def sign(self, plain: bytes) -> str:
        """Answer the signature, in hex."""
        return self._private.sign(plain).hex()


def fingerprint(key: str) -> str:
    """Answer what a public key, in hex, is known by: the SHA-256 of its bytes."""
    return sha256(bytes.fromhex(key))


def holds(key: str, signature: str, plain: bytes) -> bool:
    """Whether *signature* over *plain* was made by the owner of *key*, both written as we write them."""
    try:
        given = (bytes.fromhex(key), bytes.fromhex(signature))
        Ed25519PublicKey.from_public_bytes(given[0]).verify(given[1], plain)
    except (ValueError, InvalidSignature):
        return False
    # Hex may be written in more than one way, and a changed byte is to be found wherever it stands.
    return (key, signature) == (given[0].hex(), given[1].hex())
