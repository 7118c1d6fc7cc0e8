"""What may be ordered of this sandbox beside time and trouble: a new tariff, a new document, a rider declined."""

from aiohttp import web

from insurers.sandbox import SANDBOX
from insurers.sompo.sandbox import broken, personas
from insurers.sompo.sandbox.office import OFFICE


async def revise_tariff(request: web.Request) -> web.Response:
    """`{"yen_per_point": 41}`: every premium moves, and quotes given before are answered 51."""
    asked = await request.json()
    try:
        yen_per_point = int(asked["yen_per_point"])
    except (KeyError, TypeError, ValueError):
        raise web.HTTPBadRequest(text='Give {"yen_per_point": 41}.') from None
    request.app[SANDBOX][OFFICE].book.yen_per_point = yen_per_point
    return web.Response(status=204)


async def revise_important_matters(request: web.Request) -> web.Response:
    """A new edition of 重要事項等説明書: whoever confirmed the old one is answered 53."""
    request.app[SANDBOX][OFFICE].revision += 1
    return web.Response(status=204)


async def decline_rider(request: web.Request) -> web.Response:
    """`{"number": "C800000001"}`: the agency takes the customer's word that 安心更新サポート特約 shall not renew it."""
    asked = await request.json()
    book = request.app[SANDBOX][OFFICE].book
    contract = book.find(str(asked.get("number", ""))) if isinstance(asked, dict) else None
    if contract is None:
        raise web.HTTPBadRequest(text='Give {"number": …} of a contract.')
    if not book.decline_rider(contract):
        raise web.HTTPConflict(text="There is no rider on it, or it is too late to decline.")
    return web.Response(status=204)


async def ask_device(request: web.Request) -> web.Response:
    """`{"mail": "otp@example.jp"}`: the next device of this member that signs in by itself is asked for a passcode."""
    asked = await request.json()
    members = request.app[SANDBOX][OFFICE].members
    if not isinstance(asked, dict) or not members.knows(str(asked.get("mail", ""))):
        raise web.HTTPBadRequest(text='Give {"mail": …} of a member.')
    members.by_mail(asked["mail"]).asks_devices = True
    return web.Response(status=204)


# What may be ordered of generated contracts by a count, beside broken lines.
CHANGES = ("premium", "phone", "plate", "removed")


async def change_agency(request: web.Request) -> web.Response:
    """
    `{"agency": "S1001", "premium": 3, "removed": 1, "broken": {"truncated": 1}}`, and any of `CHANGES`.

    Each befalls so many generated contracts of which nothing was ordered before; the answer has their numbers.
    `"added": 2` are new ones at the end of the list, and `"mended": true` makes every broken line whole first.
    """
    asked = await request.json()
    generated = request.app[SANDBOX][OFFICE].agencies.generated.get(str(asked.get("agency")))
    wrong = asked.get("broken", {}).keys() - broken.LINES.keys()
    if generated is None or wrong:
        kinds = ", ".join(broken.LINES)
        raise web.HTTPBadRequest(text=f'Give {{"agency": "S1001", …, "broken": {{one of {kinds}: times}}}}.')
    if asked.get("mended"):
        generated.broken.clear()
    generated.count += int(asked.get("added", 0))
    told = {what: generated.change(what, int(asked[what])) for what in CHANGES if what in asked}
    told |= {kind: generated.break_off(kind, int(times)) for kind, times in asked.get("broken", {}).items()}
    return web.json_response(told)


async def limit_agencies(request: web.Request) -> web.Response:
    """`{"pages_a_minute": 6000, "pages_at_once": 100}`: how often an agency may ask for a page (WIRE.md §14.1)."""
    asked = await request.json()
    try:
        a_minute, at_once = float(asked["pages_a_minute"]), float(asked["pages_at_once"])
    except (KeyError, TypeError, ValueError):
        raise web.HTTPBadRequest(text='Give {"pages_a_minute": 6000, "pages_at_once": 100}.') from None
    request.app[SANDBOX][OFFICE].agencies.limit.set(a_minute=max(a_minute, 1), at_once=max(at_once, 1))
    return web.Response(status=204)


async def tell_personas(_: web.Request) -> web.Response:
    """Everybody in this world, with what each holds and types."""
    return web.json_response([personas.tell(persona) for persona in personas.cast().personas])


ROUTES = (
    web.get("/_control/personas", tell_personas),
    web.post("/_control/ask-device", ask_device),
    web.post("/_control/tariff", revise_tariff),
    web.post("/_control/important-matters", revise_important_matters),
    web.post("/_control/decline-rider", decline_rider),
    web.post("/_control/agency-changes", change_agency),
    web.put("/_control/agency-limit", limit_agencies),
)
