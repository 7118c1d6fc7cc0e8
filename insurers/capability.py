"""What an insurer can do through us, when, and how it wants to be spoken to."""

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from insurers.contact import Contact
from insurers.coverage import CoverageKind
from insurers.errors import NotOffered
from insurers.feed import FeedTerms
from insurers.hours import Hours
from insurers.identity import InsurerCode, PolicyNumber
from insurers.registration import RegistrationMethod
from insurers.risk import DataCategory
from insurers.text import Text


class Capability(StrEnum):
    """Something that a customer or an agent can do with an insurer."""

    REGISTRATION = "registration"
    CREDENTIAL_RESET = "credential_reset"
    POLICY_READ = "policy_read"
    RENEWAL = "renewal"
    REQUOTE = "requote"
    QUOTE = "quote"  # for a car that another insurer covers today
    CLAIM_STATUS = "claim_status"
    DOCUMENT_DOWNLOAD = "document_download"
    PLAN_VIDEO = "plan_video"
    AGENCY_FEED = "agency_feed"


class Level(StrEnum):
    """How it is done. What a manifest does not name is NONE."""

    NATIVE = "native"  # the insurer's wire does it
    EMULATED = "emulated"  # put together from several of the insurer's answers
    ASSISTED = "assisted"  # handed to the agency
    NONE = "none"


# Python's own memory of patterns takes longer to ask than most numbers to match.
_compiled = lru_cache(maxsize=100)(re.compile)


class NumberShape(Struct, frozen=True, kw_only=True):
    """What this insurer's policy numbers look like, for machines and in words."""

    pattern: str
    words: Text
    example: str

    def matches(self, number: PolicyNumber) -> bool:
        return _compiled(self.pattern).fullmatch(number.text) is not None


class CredentialPolicy(Struct, frozen=True, kw_only=True):
    """
    The insurer's printed rule for user ids and passwords.

    For hints only: one insurer's printed examples break its printed rule (MS-PWD-02), so the
    insurer's own verdict is the one that counts (D8).
    """

    min_length: int
    max_length: int | None
    character_classes: int
    mixed_case: bool
    user_id_is_email: bool
    hint: Text


class Portal(Struct, frozen=True, kw_only=True):
    """Facts about the insurer's own customer pages."""

    name: Text
    url: str
    idle_timeout_minutes: int | None
    resumable: bool
    one_time_password: bool
    credentials: CredentialPolicy
    preparation: tuple[Text, ...] = ()


class QuoteTerms(Struct, frozen=True, kw_only=True):
    """
    What this insurer wants to know before it quotes for a car that another one covers today.

    Without one of `needs` it quotes nothing; with what it `uses` besides it quotes better. It is asked
    for `covers`, and of others it is told nothing: it has them in every quote, or never. Where it
    quotes `with_account` only, the customer must have linked one there.
    """

    needs: frozenset[DataCategory]
    uses: frozenset[DataCategory] = frozenset()
    covers: frozenset[CoverageKind] = frozenset(CoverageKind)
    with_account: bool = False


class Manifest(Struct, frozen=True, kw_only=True):
    """
    An insurer's card. Every difference between insurers that a client may need is data here.

    `renewal_word` is what the insurer calls a renewal (継続, 更新; D11). `settles_within` is how long an
    application may be on its way inside the insurer before its records show it: a "not found"
    before that proves nothing. `journeys_at_once` is how many orders one process works on there.
    `quoting` says what a quote for another insurer's risk takes, and `quotes_within` how long a
    comparison waits for this insurer before it is called late. `feed` is how it tells agencies of their policies.
    """

    code: InsurerCode
    name: Text
    portal: Portal
    capabilities: Mapping[Capability, Level]
    hours: Mapping[Capability, Hours]
    registration_methods: tuple[RegistrationMethod, ...]
    number_shape: NumberShape
    contacts: tuple[Contact, ...]
    renewal_word: Text
    settles_within: timedelta = timedelta(minutes=2)
    journeys_at_once: int = 4
    quoting: QuoteTerms | None = None
    quotes_within: timedelta = timedelta(seconds=8)
    feed: FeedTerms | None = None

    def level(self, capability: Capability) -> Level:
        return self.capabilities.get(capability, Level.NONE)

    def require(self, capability: Capability) -> None:
        """
        Pass if this insurer does it at all.

        Raises:
            NotOffered: it does not; nothing was sent.
        """
        if self.level(capability) in (Level.NONE, Level.ASSISTED):
            raise NotOffered(self.code)

    def method(self, key: str) -> RegistrationMethod | None:
        return next((method for method in self.registration_methods if method.key == key), None)
