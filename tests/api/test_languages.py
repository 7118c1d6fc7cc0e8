"""Both languages: as the request prefers, or as one field asks."""

import pytest

from tests.api.conftest import CODES, each_insurer
from tests.api.frontend import Frontend

JA, EN = "有効", "In force"


@pytest.mark.parametrize(
    ("accepted", "words"),
    [
        (None, JA),
        ("", JA),
        ("ja", JA),
        ("en", EN),
        ("en-GB", EN),
        ("EN-us", EN),
        ("en;q=0.4, ja;q=0.5", JA),
        ("ja;q=0.4, en;q=0.5", EN),
        ("fr, de;q=0.9, en;q=0.1", EN),
        ("fr", JA),
        ("en;q=0", JA),
        ("en;q=x, ;;;,,", JA),
        ("*", JA),
    ],
)
async def test_an_answer_is_in_the_language_that_the_client_likes_best(
    member: Frontend, accepted: str | None, words: str
) -> None:
    if accepted is not None:
        member.headers["Accept-Language"] = accepted

    data = (await member.raw("{ viewer { locale } policies { edges { node { statusLabel } } } }"))["data"]

    assert {words} == {edge["node"]["statusLabel"] for edge in data["policies"]["edges"]}
    assert ("ja" if words == JA else "en") == data["viewer"]["locale"]


async def test_a_field_may_ask_for_its_own_language(member: Frontend) -> None:
    asked = """{ policies(first: 1) { edges { node {
      ja: statusLabel(locale: "ja") en: statusLabel(locale: "en-GB") as: statusLabel } } } }"""

    (edge,) = (await member.raw(asked))["data"]["policies"]["edges"]

    assert {"ja": JA, "en": EN, "as": JA} == edge["node"]


async def test_a_cover_is_called_as_its_key_is_in_filters_and_legends(member: Frontend) -> None:
    asked = """{ enumLabels(enumName: "CoverageKey", locale: "en") { value label }
      policies(first: 1) { edges { node { coverages { key label(locale: "en") } } } } }"""

    data = (await member.raw(asked))["data"]

    called = {row["value"]: row["label"] for row in data["enumLabels"]}
    (edge,) = data["policies"]["edges"]
    assert edge["node"]["coverages"]
    assert all(called[cover["key"]] == cover["label"] for cover in edge["node"]["coverages"])


async def test_a_name_is_told_in_parts_and_as_a_whole(member: Frontend) -> None:
    customer = (await member.raw("{ viewer { customer { name { family given display } } } }"))["data"]["viewer"][
        "customer"
    ]

    assert {"family": "三住", "given": "太郎", "display": "三住 太郎"} == customer["name"]


@pytest.mark.parametrize("locale", ['"fr"', '""', "5"])
async def test_a_language_that_we_do_not_speak_is_refused(member: Frontend, locale: str) -> None:
    asked = f"{{ policies(first: 1) {{ edges {{ node {{ statusLabel(locale: {locale}) }} }} }} }}"

    answer = await member.raw(asked)

    assert answer.get("data") is None
    assert answer["errors"][0]["message"]


@each_insurer
async def test_every_word_for_people_is_there_in_both_languages(taro: Frontend, code: str) -> None:
    words = " ".join(
        f"""{language}: insurer(by: {{ code: "{code}" }}) {{
          name(locale: "{language}") renewalWord(locale: "{language}")
          portal {{ name(locale: "{language}") credentialPolicy {{ hint(locale: "{language}") }} }}
          policyNumberShape {{ words(locale: "{language}") }}
          registrationMethods {{ label(locale: "{language}") steps {{ title(locale: "{language}") }} }}
        }}"""
        for language in ("ja", "en")
    )

    data = (await taro.raw(f"{{ {words} }}"))["data"]

    assert data["ja"].keys() == data["en"].keys()
    assert all(character.isascii() for character in str(data["en"]))
    assert not str(data["ja"]).isascii()


@each_insurer
async def test_errors_speak_the_language_of_the_request(registered: Frontend, code: str) -> None:
    policy = {"id": await registered.policy_id(code, 1)}
    told = {}
    for language in ("ja", "en"):
        registered.headers["Accept-Language"] = language
        (error,) = (await registered.mutate("RenewalStart", policy=policy))["errors"]
        told[language] = error["message"]

    assert told["en"].isascii()
    assert not told["ja"].isascii()


async def test_the_catalogue_is_the_same_in_any_order_of_asking(taro: Frontend) -> None:
    asked = "{ insurers { edges { node { code } } } }"

    edges = (await taro.raw(asked))["data"]["insurers"]["edges"]

    assert sorted(CODES) == [edge["node"]["code"] for edge in edges]
