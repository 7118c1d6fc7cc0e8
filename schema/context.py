"""What every resolver is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

import strawberry
from propcache.api import cached_property

from insurers.text import Language, Text
from schema.batches import Batches
from schema.book_lookups import BookLookups
from schema.loaders import Loaders
from schema.ports import Asker, Host
from schema.spending import Spender, Spent

if TYPE_CHECKING:
    from schema.execution.compiled.lasting import Written
    from schema.node import NodeIds

# A member of an enum takes as long to look up as all else of saying a word.
_JA = Language.JA

# What one operation may have quoted beside what stands there: more than any plan has options.
MOST_QUOTES = 40


@dataclass
class Context:
    """
    Who asks, in which language, and whom we ask. `loaders`, `book`, `batches`, `now` and `quotes_left` live for one
    operation.

    `connection_params` are what a socket's client said when it connected. `spoken` is the language that its client
    asked for, or None, and `address` is where it is. `watches` is true for a subscription, and `writes` for a
    mutation. `headers` go with the answer, where it is HTTP's. Where `introspection` is off, the schema is told to
    nobody. `remembered` is what was written before of values that are still there, by the language.
    """

    host: Host
    ids: NodeIds
    asker: Asker | None
    language: Language = Language.JA
    request_id: str = ""
    connection_params: Mapping[str, object] | None = None
    spoken: Language | None = None
    address: str = ""
    watches: bool = False
    writes: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    introspection: bool = True
    spent: Spent | None = None
    remembered: Mapping[Language, Written] = field(default_factory=dict)
    quotes_left: int = field(init=False, default=MOST_QUOTES)

    def renew(self) -> None:
        """Begin anew: a socket's next operation, or a subscription's next event."""
        self.forget()
        self.quotes_left = MOST_QUOTES

    def forget(self) -> None:
        """Have what was loaded read anew."""
        for name in _LOADED:
            self.__dict__.pop(name, None)

    # Most operations want one of these, and none wants what another loaded.
    @cached_property
    def loaders(self) -> Loaders:
        return Loaders(self.host, self.asker)

    @cached_property
    def book(self) -> BookLookups:
        return BookLookups(self.host, self.asker)

    @cached_property
    def batches(self) -> Batches:
        return Batches()

    @cached_property
    def now(self) -> datetime:
        """The moment at which an operation shows things. What is done is done at the host's."""
        return self.host.now()

    @property
    def written(self) -> Written | None:
        """What this gateway wrote before, in the language of this answer, of values that are still there."""
        return self.remembered.get(self.language)

    @property
    def spender(self) -> Spender:
        return Spender(self.asker.actor, signed_in=True) if self.asker else Spender(self.address, signed_in=False)

    def take_quotes(self, wanted: int) -> int:
        """Answer how many of *wanted* quotes insurers may still be asked for; these are gone then."""
        taken = min(wanted, self.quotes_left)
        self.quotes_left -= taken
        return taken

    def say(self, text: Text, locale: str | None = None) -> str:
        """Say it in the language asked for, or else in the one that this answer is in."""
        language = Language(locale) if locale else self.language
        # As `Text.to`, without a call: a page says hundreds of things.
        return text.ja if language is _JA else text.en


_LOADED = [name for name, made in vars(Context).items() if isinstance(made, cached_property)]

Info: TypeAlias = strawberry.Info[Context, None]
