"""Bytes in letters that are safe in a URL (RFC 4648, section 5), each in one spelling alone: texts are compared."""

import base64


def spelt(box: bytes) -> str:
    return base64.urlsafe_b64encode(box).rstrip(b"=").decode("ascii")


def read(text: str) -> bytes:
    """
    Raises:
        ValueError: it is not how `spelt` has it, though others may read the same bytes in it.
    """
    box = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if spelt(box) != text:
        raise ValueError("another spelling")
    return box
