"""What an agency may read of its contracts, a page at a time (WIRE.md §14)."""

from aiohttp import web

from insurers.sompo.sandbox import forms, lines, listing, office
from insurers.sompo.sandbox.agencies import TooMany
from insurers.sompo.sandbox.broken import EOL
from insurers.sompo.sandbox.dates import stamp
from insurers.sompo.sandbox.replies import first_line

routes = web.RouteTableDef()

PAGE_AT_MOST = 2_000


@routes.post("/dairiten/itiran")
async def show_contracts(request: web.Request) -> web.Response:
    """§14.1"""
    line, _ = await forms.read(request)
    with forms.Form(line) as form:
        agency = form.text("DAIRITEN_CD", 10, r"[A-Za-z0-9]+")
        key = form.text("DAIRITEN_KAGI", 64)
        most = form.number("KENSUU")
        going_on = form.text("TUZUKI", 200, r"[A-Za-z0-9_-]*")
        if not 1 <= most <= PAGE_AT_MOST:
            form.wrong("KENSUU")
    here = office.of(request)
    here.agencies.require_known(agency, key)
    try:
        here.agencies.limit.take(agency)
    except TooMany as limited:
        return web.Response(status=429, headers={"Retry-After": str(limited.seconds)})
    now = here.world.clock()
    begun, behind = here.cursors.read(going_on, agency, now) if going_on else (now, "")
    leaf = listing.leaf(here.book, here.agencies, agency, behind, most)
    body = b"".join(told + EOL for told in leaf.lines if told)
    first = first_line(
        request,
        DAIRITEN_CD=agency,
        SAKUSEI_NITIJI=stamp(begun),
        ZEN_KENSUU=listing.total(here.book, here.agencies, agency),
        KENSUU=sum(told.count(EOL) + 1 for told in leaf.lines),
        TUZUKI="" if leaf.is_last else here.cursors.write(agency, begun, leaf.last),
    )
    return web.Response(
        body=lines.encode([first]) + body,
        headers={"Content-Type": "text/plain; charset=Windows-31J"},
    )
