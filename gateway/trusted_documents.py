"""The operator's manifests of trusted documents: what the frontends' builds say that they will ask."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import strawberry
from graphql import GraphQLError, specified_rules
from msgspec import Struct

from insurers.text import Text
from schema.execution import reading

log = logging.getLogger("tabane.documents")

APOLLO = "apollo-persisted-query-manifest"


class WrongManifest(Exception):
    """A manifest cannot be taken over. Says in which file and why."""

    def __init__(self, sentence: Text) -> None:
        self.sentences = (sentence,)
        super().__init__(sentence.en)


class Broken(NamedTuple):
    """A document that this gateway's schema does not answer, and the first thing that is wrong with it."""

    name: str
    why: str


class _Operation(Struct, frozen=True):
    id: str
    body: str


class _Apollo(Struct, frozen=True):
    operations: list[_Operation]


def read(where: Path | None) -> Mapping[str, str]:
    """
    Answer every document of a manifest, or of all manifests (`*.json`) in a folder, by its name; none without a place.

    A manifest is an object of names and documents, as Relay's compiler and graphql-codegen write it, or Apollo's
    `apollo-persisted-query-manifest`.

    Raises:
        WrongManifest: a file is missing, cannot be read, or has another document under the name of one before.
    """
    if where is None:
        return {}
    documents: dict[str, str] = {}
    for file in _files(where):
        for name, text in _manifest(file):
            if documents.setdefault(name, text) != text:
                raise WrongManifest(
                    Text(
                        f"{file}: 「{name}」という名前の別のドキュメントが既にあります。",
                        f"{file}: another document is already called {name!r}.",
                    )
                )
    return documents


def broken(documents: Mapping[str, str], schema: strawberry.Schema) -> Iterable[Broken]:
    """Answer those that *schema* does not answer."""
    # Strawberry has no public name for the schema that it built.
    known = schema._schema  # noqa: SLF001
    for name, text in documents.items():
        try:
            errors = _wrong(reading.read(text, known))
        except GraphQLError as error:
            errors = [error]
        if errors:
            yield Broken(name, errors[0].message)


def _wrong(document: reading.Reading) -> Sequence[GraphQLError]:
    """
    Answer what is wrong with a document.

    Raises:
        Exceeded: it asks for more than one may, whatever its variables are.
    """
    for one in document.operations:
        document.cost(one.name.value if one.name else None, {})
    return document.errors(tuple(specified_rules))


def warn(documents: Mapping[str, str], schema: strawberry.Schema) -> None:
    """Log those that *schema* does not answer; a gateway that would not start for one would answer none."""
    for one in broken(documents, schema):
        log.warning("trusted document %s is not answered: %s", one.name, one.why)


def _files(where: Path) -> Sequence[Path]:
    return sorted(where.glob("*.json")) if where.is_dir() else [where]


def _manifest(file: Path) -> Iterator[tuple[str, str]]:
    try:
        written = msgspec.json.decode(file.read_bytes(), type=dict[str, object])
        if written.get("format") == APOLLO:
            yield from ((one.id, one.body) for one in msgspec.convert(written, _Apollo).operations)
        else:
            yield from msgspec.convert(written, dict[str, str]).items()
    except (OSError, msgspec.DecodeError, msgspec.ValidationError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise WrongManifest(
            Text(
                f"{file}: 登録済みドキュメントの一覧として読み取れません（{reason}）。",
                f"{file}: cannot be read as a manifest of trusted documents ({reason}).",
            )
        ) from None
