"""A crowd in Sompo's sandbox, and the ledger of what was signed for it."""

from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

from insurers.sandbox import TOKYO

if TYPE_CHECKING:
    from .conftest import Customer

RESIDENT = "R500000001"


async def told(customer: "Customer", method: str, door: str, **asked: Any) -> Any:  # Any: whatever JSON carries
    async with customer.http.request(method, customer.doors.control_url + door, json=asked) as answer:
        return await answer.json()


async def test_five_hundred_move_in_within_a_second_and_nobody_is_twice(customer: "Customer") -> None:
    began = perf_counter()
    first = (await told(customer, "POST", "/_control/crowd", count=500))["residents"]
    gone = perf_counter() - began
    second = (await told(customer, "POST", "/_control/crowd", count=3))["residents"]

    everyone = first + second
    assert gone < 1
    assert 503 == len({one["user_id"] for one in everyone}) == len({one["numbers"][0] for one in everyone})
    assert {"user_id": "resident-0001@example.jp", "password": "Mihon2026", "numbers": [RESIDENT]} == first[0]


async def test_a_resident_signs_in_unasked_and_has_one_car_to_renew(customer: "Customer") -> None:
    (one, other) = (await told(customer, "POST", "/_control/crowd", count=2))["residents"]
    seen = []
    for resident in (one, other):
        signed_in = await customer.ask("/login/ninsyo", MAIL=resident["user_id"], PASSWORD=resident["password"])
        customer.token = signed_in["KAIIN_TOKEN"]
        (policy,) = (await customer.ask("/keiyaku/syokai")).of("KEIYAKU")
        assert resident["numbers"] == [policy["SYOKEN_NO"]]
        assert ("20", "20261221") == (
            (await customer.renewal(policy["SYOKEN_NO"]))["KOUSIN_JYOTAI"],
            policy["MANKI_YMD"],
        )
        seen.append((policy["TOROKU_NO"], policy["KIMEI_MEI"]))

    assert "見本　５００　ほ　００−０１" == seen[0][0]
    assert not set(seen[0]) & set(seen[1])
    by_key = await customer.ask("/login/tanmatu", TANMATU_KAGI=signed_in["TANMATU_KAGI"])
    assert "00" == by_key.code


async def test_a_resident_has_as_many_cars_as_are_wanted(customer: "Customer") -> None:
    (resident,) = (await told(customer, "POST", "/_control/crowd", count=1, policies=8))["residents"]

    signed_in = await customer.ask("/login/ninsyo", MAIL=resident["user_id"], PASSWORD=resident["password"])
    customer.token = signed_in["KAIIN_TOKEN"]
    policies = (await customer.ask("/keiyaku/syokai")).of("KEIYAKU")
    assert resident["numbers"] == [policy["SYOKEN_NO"] for policy in policies]
    assert 8 == len({policy["TOROKU_NO"] for policy in policies})


async def test_the_ledger_tells_every_application_that_was_taken(taro: "Customer") -> None:
    walk = await taro.walk("A123456789")
    done = await taro.apply(walk)
    await taro.apply(walk)

    (accepted,) = (await told(taro, "GET", "/_control/ledger"))["accepted"]

    assert {
        "number": "A123456789",
        "successor": done["KOUKAIGO_SYOKEN_NO"],
        "term_starts_at": datetime(2027, 1, 5, 16, tzinfo=TOKYO).isoformat(),
        "premium": int(done["HOKENRYO"]),
        "document_sha256": walk.paper["SHA256"],
        "accepted_at": taro.clock().isoformat(),
    } == accepted


async def test_a_reset_forgets_crowd_and_ledger(taro: "Customer") -> None:
    await told(taro, "POST", "/_control/crowd", count=1)
    await taro.apply(await taro.walk("A123456789"))

    await taro.control("POST", "/_control/reset")

    assert {"accepted": []} == await told(taro, "GET", "/_control/ledger")
    assert "40" == (await taro.ask("/login/ninsyo", MAIL="resident-0001@example.jp", PASSWORD="Mihon2026")).code
    await taro.register("A123456789")
    assert "0" == (await taro.ask("/keiyaku/syokai", {"REC": "KEIYAKU", "SYOKEN_NO": RESIDENT}))["KENSUU"]
