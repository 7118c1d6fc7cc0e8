"""Documents that are asked for by their name instead of being sent."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from cachetools import LRUCache

from insurers.text import Text
from schema.execution.limits import LIMITS
from schema.execution.refusals import Declined, Refusal

# What clients have told us is forgotten when it is more than this, the longest unused first; a client that
# asks for a forgotten one is told so, and sends it again.
MOST_TOLD = 1_000
MOST_TOLD_BYTES = 8 * 1024 * 1024

_SHA256 = re.compile(r"[0-9a-f]{64}")

# The draft of GraphQL over HTTP writes a hash with its method; Apollo writes it alone.
_METHOD = "sha256:"


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
            Declined: the document is not known (PERSISTED_QUERY_NOT_FOUND: send its text beside the hash), is
                another than its hash says (PERSISTED_QUERY_HASH_MISMATCH), or is none of those that alone are run
                here (TRUSTED_DOCUMENT_REQUIRED). Or the name is no name (BAD_REQUEST).
        """
        if document_id is None and not extensions and not self._only:
            return sent
        asked = _wanted(sent, document_id, extensions)
        trusted = self._trusted.get(asked.name) if asked.name is not None else None
        if trusted is not None:
            return trusted
        if asked.text is None:
            return None if asked.name is None else self._remembered(asked.name)
        if self._only and not self.trusts(asked.text):
            raise Declined(ONLY_TRUSTED)
        if asked.name is not None:
            self._remember(asked.name, asked.text, told=asked.told)
        return asked.text

    def _remembered(self, name: str) -> str:
        text: str | None = self._told.get(name)
        if text is None:
            raise Declined(NOT_FOUND)
        return text

    def _remember(self, name: str, text: str, *, told: bool) -> None:
        if _SHA256.fullmatch(name) is None or hashlib.sha256(text.encode(errors="replace")).hexdigest() != name:
            raise Declined(OTHER_HASH)
        # What is too long to be read would only take the room of others.
        if told and not self._only and len(text) <= LIMITS.characters:
            self._told[name] = text


def _wanted(sent: str | None, document_id: str | None, extensions: Mapping[str, Any] | None) -> _Wanted:
    # A socket's protocol has no request without a text, so clients send an empty one beside a name.
    if document_id is not None:
        return _Wanted(sent or None, _word(document_id, "documentId").removeprefix(_METHOD))
    persisted = (extensions or {}).get("persistedQuery")
    if persisted is None:
        return _Wanted(sent)
    name = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    return _Wanted(sent or None, _word(name, "extensions.persistedQuery.sha256Hash"), told=True)


def _size(text: str) -> int:
    # At least its share of the room, so that many small ones do not come to more than there should be.
    return max(len(text.encode(errors="replace")), MOST_TOLD_BYTES // MOST_TOLD)


def _word(value: object, where: str) -> str:
    if not isinstance(value, str) or not value:
        wrong = Text(
            f"`{where}` にはドキュメントの名前を指定してください。", f"`{where}` must be the name of a document."
        )
        raise Declined(Refusal("BAD_REQUEST", 400, wrong))
    return value


# Apollo's, urql's and other clients look for exactly this word, with any status, and then send the document.
NOT_FOUND = Refusal("PERSISTED_QUERY_NOT_FOUND", 200, Text("PersistedQueryNotFound", "PersistedQueryNotFound"))
OTHER_HASH = Refusal(
    "PERSISTED_QUERY_HASH_MISMATCH",
    400,
    Text(
        "ドキュメントの SHA-256 が一致しません。送信する文字列そのもののハッシュを16進小文字で指定してください。",
        "The document has another SHA-256 than the request says: send the hash of the very text that is sent, in"
        " lower-case hexadecimal digits.",
    ),
)
ONLY_TRUSTED = Refusal(
    "TRUSTED_DOCUMENT_REQUIRED",
    400,
    Text(
        "このゲートウェイは登録済みのドキュメントだけを受け付けます。documentId で指定してください。",
        "This gateway runs only documents of its manifest: send the `documentId` of one, and have new ones entered.",
    ),
)
