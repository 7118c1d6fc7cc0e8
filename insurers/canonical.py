"""The one way of writing a value down before it is hashed or signed, so that anybody can do it again."""

import hashlib
import json

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]


def canonical(value: Json) -> bytes:
    """
    Answer *value* as JSON in UTF-8: keys in order, nothing escaped that need not be, no space between.

    Raises:
        UnicodeEncodeError: a text in it is no text, but half a surrogate pair.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(plain: str | bytes) -> str:
    """Answer the hash of a text as it stands in UTF-8, or of bytes, in hex."""
    return hashlib.sha256(plain.encode() if isinstance(plain, str) else plain).hexdigest()
