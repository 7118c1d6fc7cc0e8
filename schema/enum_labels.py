"""The words of every value of every enumeration: in the SDL for whoever programs, and in answers for whoever reads."""

from collections.abc import Iterator

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from insurers import labels
from insurers.agency import ConsentScope
from insurers.book import Blocker, BookList, EntryStatus
from insurers.intention import Priority
from insurers.mandate import SCOPES
from insurers.policy import DeadlineKind, PolicyStatus
from insurers.renewal import RenewalState
from insurers.text import Text
from insurers.wishes import PRIORITIES
from schema import policy, registration, renewal
from schema.book_summary import BLOCKER_LABELS, LIST_LABELS, STATUS_LABELS
from schema.context import Info
from schema.registration import RegistrationStatus
from schema.scalars import Locale
from schema.words import Words
from schema.words.book import BOOK
from schema.words.contract import CONTRACT
from schema.words.flow import FLOW

# Where a field says a value in words already, these are the same ones.
_SAID: Words = {
    PolicyStatus: policy.STATUS_LABELS,
    DeadlineKind: policy.DEADLINE_LABELS,
    RenewalState: renewal.STATUS_LABELS,
    RegistrationStatus: registration.STATUS_LABELS,
    EntryStatus: STATUS_LABELS,
    Blocker: BLOCKER_LABELS,
    BookList: LIST_LABELS,
    Priority: PRIORITIES,
    ConsentScope: SCOPES,
}

WORDS: Words = {**labels.TABLES, **_SAID, **FLOW, **CONTRACT, **BOOK}


@strawberry.type(description="What one value of an enumeration is called, for filters and legends.")
class EnumLabel:
    value: str = strawberry.field(description="The value, as it stands in the schema.")
    label: str = strawberry.field(description="What to show for it.")


def words(definition: StrawberryEnumDefinition) -> Iterator[tuple[str, Text]]:
    """Answer each value of an enumeration, in its order, with its words."""
    table = WORDS[definition.wrapped_cls]
    for value in definition.values:
        said: Text = table[definition.wrapped_cls[value.name]]
        # Some of these stand in the middle of sentences elsewhere.
        yield value.name, Text(said.ja, said.en[:1].upper() + said.en[1:])


def enum_labels(info: Info, name: str, locale: Locale | None) -> list[EnumLabel]:
    """Answer the values of an enumeration; none for a name that is not one of ours."""
    definition = info.schema.get_type_by_name(name)
    if not isinstance(definition, StrawberryEnumDefinition) or definition.wrapped_cls not in WORDS:
        return []
    return [EnumLabel(value=value, label=info.context.say(text, locale)) for value, text in words(definition)]


def describe() -> None:
    """Write the words into the enumerations that are known by now, for the SDL and for introspection."""
    for kind in WORDS:
        definition = getattr(kind, "__strawberry_definition__", None)
        if isinstance(definition, StrawberryEnumDefinition):
            said = dict(words(definition))
            for value in definition.values:
                value.description = f"{said[value.name].en} ({said[value.name].ja})."
