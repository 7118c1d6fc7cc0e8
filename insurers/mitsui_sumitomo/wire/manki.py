"""The maturity data (満期データ): lines of CP932 in fixed columns (WIRE.md §17)."""

import re
import struct
from base64 import b64encode
from typing import NamedTuple

PATH = "/dairiten/manki-data"

ENCODING = "cp932"
ENDING = b"\r\n"
# Of every line, without its ending.
LINE_BYTES = 318
TRAILER_BYTES = LINE_BYTES + len(ENDING)

HEADER, DATA, TRAILER = b"1", b"2", b"9"

ALL, CHANGED = "1", "2"

# §17.3: every column in its order, with its width in bytes.
COLUMNS = {
    "レコード区分": 1,
    "異動区分": 1,
    "代理店コード": 5,
    "証券番号": 10,
    "契約状態": 2,
    "保険始期": 8,
    "保険満期": 8,
    "契約者名": 40,
    "契約者カナ": 40,
    "生年月日": 8,
    "電話番号": 13,
    "メールアドレス": 60,
    "車名": 30,
    "登録番号": 30,
    "年間保険料": 9,
    "次回保険料": 9,
    "等級": 2,
    "継続手続特約": 1,
    "拠点コード": 4,
    "募集人コード": 6,
    "継続後証券番号": 10,
    "予備": 21,
}

# Cuts a line of LINE_BYTES into its columns.
split = struct.Struct("".join(f"{width}s" for width in COLUMNS.values())).unpack

# Where a line, however broken behind it, says whose it is and which contract.
BEGINNING = struct.Struct("".join(f"{width}s" for width in list(COLUMNS.values())[:4]))

_HEADER = re.compile(
    rb"1MANKI(?P<dairiten>[A-Z0-9]{5})(?P<sakusei>\d{14})(?P<kubun>[12])(?P<kensu>\d{8})(?P<kijun>\d{14}| {14}) {270}"
)
_TRAILER = re.compile(rb"9(?P<kensu>\d{8}) {309}")
# Where Python puts bytes that CP932 leaves open, and its users' own letters.
_SUSPECT = bytes([0x80, 0xA0, *range(0xF0, 0xFA), 0xFD, 0xFE, 0xFF])
_PRIVATE = re.compile("[\x80-\xa0\ue000-\uf8ff]")
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)", re.ASCII)


class Header(NamedTuple):
    """§17.2. `kubun` is ALL or CHANGED."""

    dairiten_code: str
    sakusei_nichiji: str
    kubun: str
    kensu: int
    kijun_nichiji: str | None


def header(line: bytes) -> Header:
    """
    Read the first line.

    Raises:
        ValueError: it is no header.
    """
    if (found := _HEADER.fullmatch(line)) is None:
        raise ValueError("no header of this wire")
    dairiten, sakusei, kubun, kensu, kijun = (part.decode() for part in found.groups())
    return Header(dairiten, sakusei, kubun, int(kensu), kijun.strip() or None)


def trailer(line: bytes) -> int | None:
    """The count that the last line gives; None for any other line."""
    found = _TRAILER.fullmatch(line)
    return int(found["kensu"]) if found else None


def text(raw: bytes) -> str:
    """
    Read CP932 strictly.

    Raises:
        UnicodeDecodeError: bytes that are none, or letters of the sender's own making (外字), which nobody else has.
    """
    told = raw.decode(ENCODING)
    # Most words have none of these bytes, and need no look at each letter.
    if len(raw.translate(None, _SUSPECT)) == len(raw):
        return told
    if found := _PRIVATE.search(told):
        raise UnicodeDecodeError(ENCODING, b"", 0, 0, f"a letter of nobody's at {found.start()}")
    return told


def asked(dairiten_code: str, secret: str, start: int, size: int, etag: str | None) -> dict[str, str]:
    """The headers that ask for *size* bytes from *start* on, of the file that *etag* names (§17.1)."""
    known = b64encode(f"{dairiten_code}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {known}", "Range": f"bytes={start}-{start + size - 1}"}
    return headers | ({"If-Match": f'"{etag}"'} if etag else {})


class Part(NamedTuple):
    """Which file these bytes are of, and how many it has."""

    etag: str
    whole: int


def part(content_range: str, etag: str, start: int, size: int) -> Part:
    """
    Read which part was answered.

    Raises:
        ValueError: it is not the part that begins at *start* and has *size* bytes, or nothing says of which file.
    """
    found, named = _RANGE.fullmatch(content_range), re.fullmatch(r'"([A-Za-z0-9-]{1,64})"', etag)
    if found is None or named is None:
        raise ValueError("no part of a file")
    first, last, whole = (int(number) for number in found.groups())
    if first != start or last - first + 1 != size or last >= whole:
        raise ValueError("another part than was asked for")
    return Part(named[1], whole)
