"""A crowd that moves in, and the ledger of what was signed (WIRE.md §12)."""

from __future__ import annotations

import hashlib
from time import process_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.adapters.mitsui_sumitomo.sandbox.conftest import Customer


async def test_a_crowd_moves_in_within_a_second_and_nobody_is_like_another(customer: Customer) -> None:
    began = process_time()
    crowd = (await customer.ask_control("crowd", {"count": 500}))["residents"]
    took = process_time() - began
    later = (await customer.ask_control("crowd", {"count": 1}))["residents"]

    assert took < 1
    assert "resident-0001@example.jp" == crowd[0]["user_id"]
    assert 501 == len({one["user_id"] for one in crowd + later})
    assert 501 == len({number for one in crowd + later for number in one["numbers"]})
    held = {one["code"]: one for one in (await customer.ask_control("personas", method="GET"))["personas"]}
    names = {str(one["keiyakusha"]["shimei"]) for code, one in held.items() if code.startswith("resident-")}
    assert 501 == len(names)


async def test_a_resident_has_as_many_cars_as_are_wanted(customer: Customer) -> None:
    (resident,) = (await customer.ask_control("crowd", {"count": 1, "policies": 8}))["residents"]

    await customer.log_in(resident["user_id"], resident["password"])
    told = [await customer.done("GET", f"/portal/keiyaku/{number}") for number in resident["numbers"]]
    assert 8 == len({one["okuruma"]["torokuNo"] for one in told})


async def test_residents_renew_and_the_ledger_tells_what_was_signed_in_order(customer: Customer) -> None:
    crowd = (await customer.ask_control("crowd", {"count": 2}))["residents"]
    accepted, plates = [], set()
    for resident in reversed(crowd):
        await customer.log_in(resident["user_id"], resident["password"])
        (number,) = resident["numbers"]
        plates.add((await customer.done("GET", f"/portal/keiyaku/{number}"))["okuruma"]["torokuNo"])
        named = await customer.walk_to_the_button(number)
        paper = await customer.get("/eg1/shorui/JUYO-JIKO")
        accepted.append((await customer.press(named)).body)
    await customer.press(named)
    await customer.control("keizoku", {"shokenNo": "0987654321"})

    ledger = (await customer.ask_control("ledger", method="GET"))["accepted"]

    assert 2 == len(plates)
    assert [
        {
            "number": told["shokenNo"],
            "successor": told["keizokugoShokenNo"],
            "term_starts_at": "2026-12-20T16:00:00+09:00",
            "premium": told["hokenryo"]["nenkanGokei"],
            "document_sha256": hashlib.sha256(paper.raw).hexdigest(),
            "accepted_at": "2026-11-20T10:00:00+09:00",
        }
        for told in accepted
    ] == ledger


async def test_a_reset_forgets_crowd_and_ledger(customer: Customer) -> None:
    (resident,) = (await customer.ask_control("crowd", {"count": 1}))["residents"]
    await customer.log_in(resident["user_id"], resident["password"])
    await customer.press(await customer.walk_to_the_button(resident["numbers"][0]))

    await customer.control("reset")

    assert (401, "login-failed") == (await customer.log_in(resident["user_id"], resident["password"])).said
    assert [] == (await customer.ask_control("ledger", method="GET"))["accepted"]
    assert [resident] == (await customer.ask_control("crowd", {"count": 1}))["residents"]
