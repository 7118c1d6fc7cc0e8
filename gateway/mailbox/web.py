"""The web side: a page for people, JSON for programs."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from aiohttp import web

from gateway.mailbox.mailbag import Mailbag

MAILBAG = web.AppKey("mailbag", Mailbag)

PAGE = Path(__file__).parent / "page"
FILES = {"/": "mailbox.html", "/mailbox.css": "mailbox.css", "/mailbox.js": "mailbox.js"}

# A letter is a stranger's text: the page runs its own script and nothing else, and asks nobody else for anything.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

# No mailbox has more letters, and Python reads no number that is much longer.
_NUMBER = re.compile(r"[0-9]{1,18}")

routes = web.RouteTableDef()


@routes.get("/messages.json")
async def list_messages(request: web.Request) -> web.Response:
    """Newest first. `?to=` keeps one recipient's, `?after=` those after a number; 304 when nothing has changed."""
    mailbag = request.app[MAILBAG]
    after = request.query.get("after", "0")
    if not _NUMBER.fullmatch(after):
        raise web.HTTPBadRequest(text=f"after: not the number of a letter: {after!r}")
    tag = mailbag.version
    if any(tag == seen.value for seen in request.if_none_match or ()):
        return web.Response(status=304, headers={"ETag": f'"{tag}"'})
    answer = _json(mailbag.letters(to=request.query.get("to"), after=int(after)))
    answer.etag = tag
    return answer


@routes.delete("/messages")
async def empty_mailbox(request: web.Request) -> web.Response:
    request.app[MAILBAG].empty()
    return web.Response(status=204)


@routes.get(f"/messages/{{number:{_NUMBER.pattern}}}")
async def show_message(request: web.Request) -> web.Response:
    """One letter: as JSON, or to a browser on the page."""
    number = int(request.match_info["number"])
    letter = request.app[MAILBAG].find(number)
    if letter is None:
        raise web.HTTPNotFound(text=f"no letter {number}: never arrived, thrown away, or pushed out by newer ones")
    if "text/html" in request.headers.get("Accept", ""):
        raise web.HTTPSeeOther(f"/#{number}")
    return _json(letter)


@asynccontextmanager
async def serve(mailbag: Mailbag, *, host: str, port: int) -> AsyncIterator[int]:
    """Show the letters while the block runs; answers the port, also where 0 asked for any that is free."""
    app = web.Application()
    app[MAILBAG] = mailbag
    app.add_routes(routes)
    app.add_routes([web.get(path, _file(name)) for path, name in FILES.items()])
    app.on_response_prepare.append(_protect)
    # Without an access log: addresses in a query are personal data.
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def _json(content: object) -> web.Response:
    return web.Response(body=msgspec.json.encode(content), content_type="application/json")


def _file(name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def show(request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / name)

    return show


async def _protect(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
