"""What the values of enumerations are called: every one, in both languages, and as the fields beside them say it."""

import graphql
import pytest
from graphql import GraphQLEnumType
from strawberry.types.enum import StrawberryEnumDefinition

import schema
from schema.enum_labels import words
from tests.api.conftest import Town

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENUMS = {
    name: list(kind.values)
    for name, kind in graphql.build_schema(schema.sdl()).type_map.items()
    if isinstance(kind, GraphQLEnumType) and not name.startswith("__")
}

LABELS = "query ($name: String!, $locale: Locale) { enumLabels(enumName: $name, locale: $locale) { value label } }"


async def test_every_value_of_every_enumeration_has_words_in_both_languages(village: Town) -> None:
    asked = " ".join(
        f'{name}_{locale}: enumLabels(enumName: "{name}", locale: "{locale}") {{ value label }}'
        for name in ("BookEntryStatus", "Weekday", "UserErrorCode", "CoverageKey")
        for locale in ("ja", "en")
    )
    told = (await village.nobody().raw(f"{{ {asked} }}"))["data"]

    for place, rows in told.items():
        name, _, locale = place.rpartition("_")
        assert ENUMS[name] == [row["value"] for row in rows]
        assert all(row["label"].isascii() is (locale == "en") for row in rows if row["label"] != "LINE"), place


async def test_no_enumeration_is_without_words() -> None:
    built = schema.build()
    for name, values in ENUMS.items():
        definition = built.get_type_by_name(name)
        assert isinstance(definition, StrawberryEnumDefinition)
        told = dict(words(definition))
        assert values == list(told), name
        for value, text in told.items():
            assert "" not in (text.ja, text.en), (name, value)


async def test_without_a_locale_labels_come_in_the_language_of_the_request(village: Town) -> None:
    nobody = village.nobody()
    nobody.headers["Accept-Language"] = "en"

    (english, *_) = (await nobody.raw(LABELS, {"name": "RenewalStatus"}))["data"]["enumLabels"]
    (japanese, *_) = (await nobody.raw(LABELS, {"name": "RenewalStatus", "locale": "ja"}))["data"]["enumLabels"]

    assert {"value": "IN_PROGRESS", "label": "In progress"} == english
    assert {"value": "IN_PROGRESS", "label": "手続き中"} == japanese


async def test_a_name_that_is_no_enumeration_of_ours_has_no_values(village: Town) -> None:
    for name in ("Renewal", "__TypeKind", "NoSuchThing", "Yen", ""):
        answer = await village.nobody().raw(LABELS, {"name": name})
        assert {"data": {"enumLabels": []}} == answer, name
