"""Documents that are asked for by their name instead of being sent."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from cachetools import LRUCache
from graphql import GraphQLError

# What clients have told us is forgotten when it is more than this, the longest unused first; a client that
# asks for a forgotten one is told so, and sends it again.
MOST_TOLD = 1_000
MOST_TOLD_BYTES = 8 * 1024 * 1024

_SHA256 = re.compile(r"[0-9a-f]{64}")

# The two names under which a hash of ours goes; the draft of GraphQL over HTTP writes it with its method.
_METHOD = "sha256:"

# Apollo's, urql's and other clients look for exactly this sentence, and then send the document.
_NOT_FOUND = "PersistedQueryNotFound"


class _Wanted(NamedTuple):
    """
    The document that a request means: its text, where it was sent, and its name.

    `told` is whether the client wants us to remember the text by that hash (automatic persisted queries).
    """

    text: str | None
    name: str | None = None
    told: bool = False


class Documents:
    """
    The documents that this gateway knows by name.

    *trusted* are an operator's, from the manifests of the frontends, each by its name there. With
    *only* nothing else is run, whoever asks. Otherwise clients may also tell us documents by their
    SHA-256, which are kept as long as there is room.
    """

    def __init__(self, trusted: Mapping[str, str] | None = None, *, only: bool = False) -> None:
        self._trusted = {name.removeprefix(_METHOD): text for name, text in (trusted or {}).items()}
        self._trusted_texts = frozenset(self._trusted.values())
        self._only = only
        self._told: LRUCache[str, str] = LRUCache(MOST_TOLD_BYTES, getsizeof=_size)

    def trusts(self, text: str | None) -> bool:
        """Whether an operator's manifest has this very document."""
        return text in self._trusted_texts

    def text(
        self, sent: str | None, *, document_id: str | None = None, extensions: Mapping[str, Any] | None = None
    ) -> str | None:
        """
        Answer the document that a request means: *sent* itself, or by its name; None where it names none.

        Raises:
            GraphQLError: the document is not known (PERSISTED_QUERY_NOT_FOUND: send its text beside the hash), is
                another than its hash says (PERSISTED_QUERY_HASH_MISMATCH), or is none of those that alone are run
                here (TRUSTED_DOCUMENT_REQUIRED). Or the name is no name (BAD_REQUEST).
        """
        asked = _wanted(sent, document_id, extensions)
        trusted = self._trusted.get(asked.name) if asked.name is not None else None
        if trusted is not None:
            return trusted
        if asked.text is None:
            return None if asked.name is None else self._remembered(asked.name)
        if self._only and not self.trusts(asked.text):
            raise GraphQLError(_ONLY_TRUSTED, extensions={"code": "TRUSTED_DOCUMENT_REQUIRED"})
        if asked.name is not None:
            self._remember(asked.name, asked.text, told=asked.told)
        return asked.text

    def _remembered(self, name: str) -> str:
        text: str | None = self._told.get(name)
        if text is None:
            raise GraphQLError(_NOT_FOUND, extensions={"code": "PERSISTED_QUERY_NOT_FOUND"})
        return text

    def _remember(self, name: str, text: str, *, told: bool) -> None:
        if _SHA256.fullmatch(name) is None or hashlib.sha256(text.encode(errors="replace")).hexdigest() != name:
            raise GraphQLError(_OTHER_HASH, extensions={"code": "PERSISTED_QUERY_HASH_MISMATCH"})
        if told and not self._only and _size(text) <= MOST_TOLD_BYTES:
            self._told[name] = text


def _wanted(sent: str | None, document_id: str | None, extensions: Mapping[str, Any] | None) -> _Wanted:
    if document_id is not None:
        return _Wanted(sent, _word(document_id, "documentId").removeprefix(_METHOD))
    persisted = (extensions or {}).get("persistedQuery")
    if persisted is None:
        return _Wanted(sent)
    if not isinstance(persisted, dict):
        raise _wrong("extensions.persistedQuery")
    return _Wanted(sent, _word(persisted.get("sha256Hash"), "extensions.persistedQuery.sha256Hash"), told=True)


def _size(text: str) -> int:
    # At least its share of the room, so that many small ones do not come to more than there should be.
    return max(len(text.encode(errors="replace")), MOST_TOLD_BYTES // MOST_TOLD)


def _word(value: object, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong(where)
    return value


def _wrong(where: str) -> GraphQLError:
    return GraphQLError(
        f"`{where}` の形式が違います。 / `{where}` is not what it should be: a text that names a document.",
        extensions={"code": "BAD_REQUEST"},
    )


_ONLY_TRUSTED = (
    "このゲートウェイは登録済みのドキュメントだけを受け付けます。"
    " / This gateway runs only documents of its manifest: send the `documentId` of one, and have new ones entered."
)
_OTHER_HASH = (
    "ドキュメントの SHA-256 が一致しません。 / The document has another SHA-256 than the request says: send the hash of"
    " the very text that is sent, in lower-case hexadecimal digits."
)
