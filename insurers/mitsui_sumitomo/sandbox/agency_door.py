"""The agencies' door: the day's file, a part at a time (WIRE.md §17.1). A refusal here is a status and no more."""

import re
import secrets

from aiohttp import BasicAuth, web

from .house import HOUSE
from .maturity_files import File

PATH = "/dairiten/manki-data"

# An agency's secret, public like every password here.
SECRET = "sandbox-{}"

LONGEST_PART = 1024 * 1024

RANGE = re.compile(r"bytes=(\d{1,12})-(\d{1,12})", re.ASCII)


async def send_part(request: web.Request) -> web.Response:
    file = _file(request)
    if file is None:
        return web.Response(status=401, headers={"WWW-Authenticate": "Basic"})
    named = f'"{file.name}"'
    if request.headers.get("If-Match", named) != named:
        return web.Response(status=412)
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None:
        return web.Response(status=400)
    start, whole = int(asked[1]), file.size()
    stop = min(int(asked[2]) + 1, start + LONGEST_PART, whole)
    if start >= stop:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{whole}"})
    # Whoever fetches the trailer by itself has all that stands before it.
    file.received = file.received or start == file.trailer_at()
    return web.Response(
        status=206,
        body=file.part(start, stop),
        headers={
            "ETag": named,
            "Content-Range": f"bytes {start}-{stop - 1}/{whole}",
            "Content-Type": "text/plain; charset=Shift_JIS",
        },
    )


routes = (web.get(PATH, send_part, allow_head=False),)


def _file(request: web.Request) -> File | None:
    try:
        known = BasicAuth.decode(request.headers.get("Authorization", ""))
    except ValueError:
        return None
    file = request.app[HOUSE].maturities.files.get(known.login)
    if file is None or not secrets.compare_digest(SECRET.format(known.login).encode(), known.password.encode()):
        return None
    return file
