"""Which way suits a customer who holds this or that: named by every insurer, with the reason in both languages."""

from collections.abc import Sequence

import pytest

from tests.api.conftest import CODES, INSURERS, each_insurer
from tests.api.frontend import Frontend, Json

HELD = [(code, case) for code in CODES for case in INSURERS[code]["advice"]]
in_both_languages = pytest.mark.parametrize("locale", ["ja", "en"])


async def advice(
    taro: Frontend, code: str, holding: Sequence[str], *, purpose: str = "FIRST_TIME", locale: str = "en"
) -> Json:
    found = await taro.do("Advice", code=code, holding=list(holding), purpose=purpose, locale=locale)
    return found["registrationAdvice"]  # type: ignore[no-any-return]  # GraphQL answers are whatever was asked for.


@pytest.mark.parametrize(
    ("code", "case"), HELD, ids=[f"{code}-{'+'.join(case['holding']) or 'nothing'}" for code, case in HELD]
)
async def test_what_somebody_holds_names_the_way_and_why(taro: Frontend, code: str, case: Json) -> None:
    told = {locale: await advice(taro, code, case["holding"], locale=locale) for locale in ("ja", "en")}

    assert {case["way"]} == {one["method"]["key"] for one in told.values()}
    assert told["ja"]["why"] != told["en"]["why"]
    assert told["en"]["why"].isascii()
    assert not told["ja"]["why"].isascii()


@each_insurer
async def test_every_way_is_shown_open_or_closed_with_what_is_missing(taro: Frontend, code: str) -> None:
    told = await advice(taro, code, [])

    assert told["method"]["key"] in {way["method"]["key"] for way in told["ways"] if way["open"]}
    assert {(True, False), (False, True)} >= {(way["open"], bool(way["missing"])) for way in told["ways"]}
    for way in told["ways"]:
        opened = await advice(taro, code, way["missing"])
        assert next(one["open"] for one in opened["ways"] if one["method"] == way["method"])


@each_insurer
async def test_who_forgot_resets_with_the_registered_mailbox_and_registers_anew_without(
    taro: Frontend, code: str
) -> None:
    with_it = await advice(taro, code, ["REGISTERED_MAILBOX"], purpose="CREDENTIAL_RESET")
    without = await advice(taro, code, [], purpose="CREDENTIAL_RESET")

    assert ("CREDENTIAL_RESET", "CREDENTIAL_RESET") == (with_it["purpose"], with_it["method"]["purpose"])
    assert ("FIRST_TIME", "FIRST_TIME") == (without["purpose"], without["method"]["purpose"])
    assert with_it["why"] != without["why"]


@each_insurer
@in_both_languages
async def test_every_method_says_in_words_what_it_needs(taro: Frontend, code: str, locale: str) -> None:
    asked = """query ($code: String!, $locale: Locale!) {
      insurer(by: { code: $code }) {
        registrationMethods { key label(locale: $locale) needs { text } steps { key } }
      } }"""
    found = (await taro.raw(asked, {"code": code, "locale": locale}))["data"]["insurer"]["registrationMethods"]

    assert all(method["label"] and method["steps"] for method in found)
    assert all(note["text"] for method in found for note in method["needs"])
