"""Mail addresses: half width, and nothing between (domain 2.6, EMAIL_INVALID_WIDTH)."""

import re

from insurers.text import Text
from insurers.unreadable import Unreadable

# Only what one key gives in two widths is the same for certain: ① is no 1, and ㈱ no three letters.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(ord("！"), ord("～") + 1)}
_ADDRESS = re.compile(r"[!-?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_HALF_WIDTH_PLEASE = Text(
    "メールアドレスは半角で、間に空白を入れずに入力してください。",
    "A mail address is written in half-width letters and without spaces.",
)


def read_mail(text: str) -> str:
    """
    Read a mail address; full-width letters, digits and signs become half-width.

    Raises:
        Unreadable: something in it has no half width, or there is a space in it.
        ValueError: it is no mail address.
    """
    plain = text.strip().translate(_HALF_WIDTH)
    if not plain.isascii() or re.search(r"\s", plain):
        raise Unreadable(_HALF_WIDTH_PLEASE)
    if not _ADDRESS.fullmatch(plain):
        raise ValueError("no mail address")
    return plain
