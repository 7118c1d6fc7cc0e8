"""What may be ordered of this sandbox beside time and trouble: a new tariff, a new document, a rider declined."""

from aiohttp import web

from insurers.sandbox import SANDBOX
from insurers.sompo.sandbox import personas
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


async def tell_personas(_: web.Request) -> web.Response:
    """Everybody in this world, with what each holds and types."""
    return web.json_response([personas.tell(persona) for persona in personas.cast().personas])


ROUTES = (
    web.get("/_control/personas", tell_personas),
    web.post("/_control/ask-device", ask_device),
    web.post("/_control/tariff", revise_tariff),
    web.post("/_control/important-matters", revise_important_matters),
    web.post("/_control/decline-rider", decline_rider),
)
