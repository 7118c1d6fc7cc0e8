"""What keeps secrets: the operator's keys, and everything that is sealed with them."""

import base64
import binascii
import hmac
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from insurers import url_letters

VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12  # What AES-GCM is specified for; random ones are safe for 2^32 boxes per key.
TAG_BYTES = 16
HEAD_BYTES = 2 + NONCE_BYTES


class Unsealable(Exception):
    """A box that is not ours, was altered, belongs elsewhere, or whose key is gone; never says which."""

    def __init__(self) -> None:
        super().__init__("a sealed value cannot be opened here")


class Keyring:
    """
    The keys at rest: AES-256-GCM, each box bound to what it is about.

    A box is `version byte | key id | 12-byte nonce | ciphertext and tag`. The primary key
    seals; every key of the ring opens. To rotate, put a new key first, have the store re-seal,
    and drop the old one when nothing is left under it.

    Fingerprints rest on the lowest key id, whatever is primary, so that they survive a
    rotation: that key must stay in the ring for as long as anything is looked up by one.
    """

    __slots__ = ("_doors", "_hmac", "_lowest", "_primary")

    def __init__(self, keys: Mapping[int, bytes], primary: int) -> None:
        if primary not in keys:
            raise ValueError("the primary key is not in the ring")
        if any(not 0 < key_id < 256 or len(key) != KEY_BYTES for key_id, key in keys.items()):
            raise ValueError(f"a key has an id of 1 to 255 and {KEY_BYTES} bytes")
        self._doors = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._primary = primary
        self._lowest = keys[min(keys)]
        self._hmac = hmac.new(self.derived("tabane fingerprint", KEY_BYTES), digestmod="sha256")

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """
        Read `1:BASE64,2:BASE64`; the first is primary.

        Raises:
            ValueError: it does not read so. The message repeats nothing of it.
        """
        keys: dict[int, bytes] = {}
        for position, entry in enumerate(text.split(","), start=1):
            key_id, _, encoded = entry.strip().partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except binascii.Error:
                key = b""
            if not key_id.isdecimal() or len(key) != KEY_BYTES or int(key_id) in keys:
                raise ValueError(f"key {position} of the keyring is not ID:BASE64 of {KEY_BYTES} bytes, each id once")
            keys[int(key_id)] = key
        return cls(keys, primary=next(iter(keys)))

    @classmethod
    def fresh(cls) -> "Keyring":
        """A ring of one random key that nobody else will ever have."""
        return cls.parse(fresh_key())

    def __repr__(self) -> str:
        return "Keyring(…)"

    @property
    def ids(self) -> frozenset[int]:
        """The ids of all keys that open."""
        return frozenset(self._doors)

    @property
    def primary(self) -> int:
        """The id of the key that seals; it is the second byte of a box."""
        return self._primary

    def derived(self, purpose: str, length: int) -> bytes:
        """Answer a key for one purpose. It rests on the lowest key id, so it survives a rotation."""
        return HKDF(SHA256(), length, salt=None, info=purpose.encode()).derive(self._lowest)

    def seal(self, plain: bytes, about: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        head = bytes((VERSION, self._primary))
        return head + nonce + self._doors[self._primary].encrypt(nonce, plain, about.encode())

    def open(self, box: bytes, about: str) -> bytes:
        """
        Answer what was sealed about this very thing.

        Raises:
            Unsealable: it cannot be opened here.
        """
        if len(box) < HEAD_BYTES + TAG_BYTES or box[0] != VERSION or box[1] not in self._doors:
            raise Unsealable
        try:
            return self._doors[box[1]].decrypt(box[2:HEAD_BYTES], box[HEAD_BYTES:], about.encode())
        except InvalidTag:
            raise Unsealable from None

    def fingerprint(self, text: str) -> str:
        """Answer a keyed hash, in hex: equal texts are found by it, and nobody without the key can guess one."""
        return self.stamp(text).hex()

    def stamp(self, text: str) -> bytes:
        """Answer the 32 bytes of a fingerprint."""
        # A copy has the key in it already, which is half of the work.
        begun = self._hmac.copy()
        begun.update(text.encode())
        return begun.digest()

    def ticket(self, payload: bytes, about: str) -> str:
        """Answer *payload* sealed, in letters that are safe in a URL. It lasts as long as the key: date it inside."""
        return url_letters.spelt(self.seal(payload, f"ticket:{about}"))

    def redeem(self, ticket: str, about: str) -> bytes:
        """
        Answer the payload of a ticket about this very thing.

        Raises:
            Unsealable: it is not such a ticket.
        """
        try:
            box = url_letters.read(ticket)
        except ValueError:
            raise Unsealable from None
        return self.open(box, f"ticket:{about}")


def fresh_key(key_id: int = 1) -> str:
    """Answer one random entry for `Keyring.parse`, for an operator's settings."""
    return f"{key_id}:{base64.b64encode(os.urandom(KEY_BYTES)).decode('ascii')}"
