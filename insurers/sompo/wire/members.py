"""What Sompo says in registrations and at the door (WIRE.md §3, §4)."""

import re
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from insurers.sompo.wire.lines import Answer
from insurers.sompo.wire.records import Record


class Kiyaku(Record, frozen=True):
    """§3.1, the terms."""

    kiyaku_ban: str
    syorui_no: str
    syorui_mei: str
    sha256: str
    doui_bun: str
    botan_bun: str


class Uketuke(Record, frozen=True):
    """§3.2, a reception."""

    uketuke_no: str
    kigen: str


class Nyuryoku(Record, frozen=True):
    """§3.3, what was entered, as understood."""

    uketuke_no: str
    mail: str
    sei: str
    mei: str
    seinen_ymd: str
    yubin_no: str
    jyusyo: str
    tel_no: str
    manki_mail: str
    tyuui_bun: str


class Keiyaku(Record, frozen=True):
    syoken_no: str


class Entered(Struct, frozen=True):
    nyuryoku: Nyuryoku
    numbers: Sequence[str]


class Kakutei(Record, frozen=True):
    """§3.4, a mail is on its way."""

    mail: str
    kigen: str
    annai_bun: str


class Hontouroku(Record, frozen=True):
    """§3.7, registered."""

    kaiin_no: str
    kaiin_token: str
    tanmatu_kagi: str
    kensuu: str


class Tuika(Record, frozen=True):
    """§3.8, policies added; how many there are now."""

    kensuu: str


class Saisettei(Record, frozen=True):
    """§4.9, asked for a new password; a mail is on its way, or not."""

    kigen: str
    annai_bun: str


class Ninsyo(Record, frozen=True):
    """§4.5, signed in by a device."""

    kaiin_no: str
    kaiin_token: str
    zenkai_login: str


class Otp(Record, frozen=True):
    """§4.1 and §4.5 with `41`, a passcode is on its way."""

    otp_no: str
    kigen: str
    ketasuu: str
    nokori: str


class OtpNinsyo(Record, frozen=True):
    """§4.1, §4.2 and §4.9, signed in by a password, a passcode or a link."""

    kaiin_no: str
    kaiin_token: str
    zenkai_login: str
    tanmatu_kagi: str


class Nothing(Record, frozen=True):
    """§4.6, §4.7: done, and there is nothing to say."""


def entered(answer: Answer) -> Entered:
    """Read `/touroku/nyuryoku`."""
    answer.only(Keiyaku)
    return Entered(answer.head(Nyuryoku), [record.syoken_no for record in answer.every(Keiyaku)])


def link_key(url: str, page: str) -> str:
    """
    Take KAGI out of the link to *page* in the mail (§3.5), wherever the service stands.

    Raises:
        ValueError: it is another link, or none.
    """
    link = urlsplit(url.strip())
    found = parse_qs(link.query, strict_parsing=True).get("KAGI", [])
    if link.scheme not in ("http", "https") or not link.path.endswith(page) or len(found) != 1:
        raise ValueError("not the link of the mail")
    if not re.fullmatch(r"[A-Za-z0-9]{32}", found[0]):
        raise ValueError("not a key of the mail")
    return found[0]
