"""What every insurer's adapter answers. The promises stand here, once."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from insurers.account import Access, Active, Answer, Asks, Challenge, Credentials
from insurers.answers import Value
from insurers.capability import Manifest
from insurers.claim import Claim
from insurers.coverage import CoverageChange
from insurers.document import Document
from insurers.feed import FeedAccess, FeedPage
from insurers.identity import PolicyNumber, SuccessorNumber
from insurers.person import Private
from insurers.plan import Plan, PlanQuery
from insurers.policy import Policy, RenewalOffer
from insurers.renewal import Draft, Proposal
from insurers.risk import RiskQuery
from insurers.script import Script


class Applicant(Private, frozen=True, kw_only=True):
    """What was entered in a registration: a canonical value for each requirement key of its method's script."""

    values: Mapping[str, Value]


class File(Private, frozen=True, kw_only=True):
    """A document with its bytes; `document.sha256` is theirs."""

    document: Document
    content: bytes


class Insurer(Protocol):
    """
    One insurer, speaking the common language.

    An adapter keeps no state that anybody would miss: everything it needs comes with the
    call. Any method may raise `Closed`, `Locked`, `Unavailable`, `NotOffered`, `AccessDenied` or
    `Drifted`; a method that only reads raises nothing worse than those and `NeedsCustomer`, whose
    challenge then goes to `answer`.
    """

    @property
    def manifest(self) -> Manifest: ...

    async def begin_registration(
        self, method: str, applicant: Applicant, access: Access | None = None
    ) -> Asks | Active:
        """
        Register this person by one of the manifest's methods, or renew their credentials.

        *access* is the open account, for a method that is about one (`WITHIN_ACCOUNT`); what such a
        method answers in the end is the access to keep.

        Raises:
            Mismatch: no contract is this person's; no field is named.
            Rejected: something that was entered cannot stand; the code tells what.
            NotOnline: this contract cannot be registered.
            Unconfirmed: it was sent and no answer came.
        """
        ...

    async def sign_in(self, credentials: Credentials, device: Access | None = None) -> Asks | Active:
        """
        Open this account. *device* is an earlier access that may spare the one-time password.

        Raises:
            Rejected: the user id and password are not right together; never says which.
        """
        ...

    async def answer(self, challenge: Challenge, answer: Answer) -> Asks | Active:
        """
        Bring the person's answer to the insurer.

        Raises:
            Rejected: it is not the right one; the challenge stands while attempts are left.
            Expired: the challenge is dead (too late, used, too often wrong); begin again.
            Unconfirmed: it was sent and no answer came.
        """
        ...

    async def forget(self, access: Access) -> None:
        """End this access at the insurer. Repeatable; one that it does not know or take any more is no error."""
        ...

    async def policies(
        self, access: Access, numbers: Sequence[PolicyNumber] | None = None
    ) -> Mapping[PolicyNumber, Policy]:
        """Answer these policies of the account, or all of them. A number that is not in it is absent."""
        ...

    async def renewal_offers(
        self, access: Access, numbers: Sequence[PolicyNumber]
    ) -> Mapping[PolicyNumber, RenewalOffer]:
        """Answer whether and when each of these policies may renew. A number that is not in the account is absent."""
        ...

    async def plans(self, access: Access, query: PlanQuery) -> Sequence[Plan]:
        """
        Quote, in the insurer's order.

        Raises:
            NotOnline: this policy cannot be renewed online.
            Rejected: a change that the insurer does not offer (`PLAN_NOT_OFFERED`).
        """
        ...

    async def quote(self, access: Access | None, query: RiskQuery) -> Sequence[Plan]:
        """
        Quote for a car that another insurer covers today, in this insurer's order. Nothing is kept there.

        *access* may be None where the manifest's `quoting` wants no account. What is wanted and not
        offered is offered wider, never narrower, where there is anything wider; every plan tells it
        in its `departures`. A part of the risk that is None is not told to the insurer in any way.

        Raises:
            NotOffered: it does not quote for others' risks.
            Rejected: it does not take this risk (`RISK_NOT_ACCEPTED`), lacks one of the `needs`
                (`INPUT_REFUSED`), or does not offer a change (`PLAN_NOT_OFFERED`).
            NotOnline: only an agency quotes for such a risk.
        """
        ...

    async def variations(
        self, access: Access | None, query: PlanQuery | RiskQuery, changes: Sequence[CoverageChange]
    ) -> Sequence[Plan | None]:
        """
        Quote the query's one plan once for each of *changes*, made alone and beside the query's own.

        A change to a cover that the query changes already replaces that. The answers are in the order of
        *changes*; None stands where the insurer does not offer it. Raises what `plans` or `quote` raises.
        """
        ...

    async def script(self, access: Access, number: PolicyNumber) -> Script:
        """
        Answer what this renewal will ask, with the insurer's statements, documents and facts.

        The last step is of kind APPLICATION and holds the consent above the button, bound to
        the review.

        Raises:
            NotOnline, Duplicate: this policy cannot be renewed online.
        """
        ...

    async def rehearse(self, access: Access, draft: Draft) -> Proposal:
        """
        Walk all of the renewal in a fresh session, and stop before the button. Safe to repeat.

        Raises:
            Changed: the plan no longer costs what was quoted, or a document was revised.
            NotOnline: an answer, or the policy, that only the agency can deal with.
            Duplicate: the next term exists already.
            Rejected: the insurer refuses an answer.
        """
        ...

    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        """
        Press the insurer's apply button (申し込む), once, and read the successor's number.

        Raises:
            Changed: what was confirmed is no longer what would be signed; it was not signed.
            NotOnline, Duplicate, Rejected: the insurer will not, and why.
            Unavailable: the button was never reached.
            Unconfirmed: it was reached, and what followed is not known.
        """
        ...

    async def outcome(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber | None:
        """
        Ask what became of an application: the successor, or None when the insurer never had it.

        Raises:
            Duplicate: the next term exists, and it is not this application's.
            Unavailable: the insurer cannot say yet.
        """
        ...

    async def claims(self, access: Access) -> Sequence[Claim]:
        """Answer the accidents of the account and their state."""
        ...

    async def feed(self, access: FeedAccess, after: str | None) -> FeedPage:
        """
        Read the next page of an agency's feed; *after* is the page before's, or None at the beginning.

        The same *after* may be read again. A page is some hundreds to some thousands of records, so that
        nobody holds a book in memory.

        Raises:
            NotOffered: this insurer tells agencies nothing by wire.
            AccessDenied: the agency's code and secret are not right together.
            Unavailable: not now; `RATE_LIMITED` says when in `retry_after`.
            Expired: the feed has been replaced since; begin again with None.
        """
        ...

    def feed_file(self, chunk: bytes, after: str | None, *, last: bool) -> FeedPage:
        """
        Read records from the bytes of a feed file that an agency has at hand, without any I/O.

        *chunk* begins where the page before ended: its `after` is `OFFSET` and anything else the adapter wants to
        remember, separated by a space, and OFFSET is the count of bytes that were read in all. *last* says that
        nothing comes after these bytes.

        Raises:
            NotOffered: this insurer's feed is no file (`FeedTerms.importable`).
            Drifted: this is no feed file of this insurer's.
        """
        ...

    async def document(self, access: Access, number: PolicyNumber, document_id: str) -> File:
        """
        Fetch a document of a policy or of its renewal.

        Raises:
            Rejected: there is no such document in this account.
        """
        ...
