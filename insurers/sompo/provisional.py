"""Becoming a member of My Page (SJ-REG-06 to SJ-REG-18)."""

from insurers.account import Access, Active, Answer, Asks, masked
from insurers.adapter import Applicant
from insurers.answers import YES
from insurers.errors import Changed, ErrorCode
from insurers.sompo.code import CODE
from insurers.sompo.desk import Desk, head
from insurers.sompo.door import Door, trusted
from insurers.sompo.enrolment import TERMS_EDITION, TERMS_STATEMENT
from insurers.sompo.fields import Key
from insurers.sompo.mailed_link import link_sent
from insurers.sompo.mapping import applicant as entry
from insurers.sompo.mapping.refusals import unticked
from insurers.sompo.waiting import Errand, Linked
from insurers.sompo.wire import lines, says
from insurers.sompo.wire.members import Entered, Hontouroku, Kakutei, Kiyaku, Uketuke, entered
from insurers.sompo.wire.notation import read_ts


class Provisional:
    def __init__(self, desk: Desk, door: Door) -> None:
        self._desk = desk
        self._door = door

    async def begin(self, applicant: Applicant, access: Access | None) -> Asks:
        """Only the last of the four calls sends a mail; the others leave nothing behind."""
        _require_confirmed(applicant)
        fields, numbers = entry.fields(applicant), entry.numbers(applicant)
        terms = await self._desk.ask(says.terms(), head(Kiyaku))
        if (terms.kiyaku_ban, terms.doui_bun) != (TERMS_EDITION, TERMS_STATEMENT):
            # Nobody has agreed to this edition, or to these words.
            raise Changed(CODE, code=ErrorCode.DOCUMENT_CHANGED)
        reception = await self._desk.ask(says.agreement(terms.kiyaku_ban), head(Uketuke))

        def reviewed(answer: lines.Answer) -> Entered:
            review = entered(answer)
            if not entry.understood(review, applicant):
                raise ValueError("the review shows something else than was entered")
            return review

        await self._desk.ask(says.entries(reception.uketuke_no, fields, numbers), reviewed)
        return await self._desk.ask(says.confirmation(reception.uketuke_no), _sent, writes=True)

    async def finish(self, linked: Linked, answer: Answer) -> Active:
        password = answer.values.get(Key.PASSWORD_AGAIN, "")
        request = says.full_registration(linked.key, password, trusted=trusted(answer))
        member = await self._desk.ask(request, head(Hontouroku), writes=True)
        return self._door.admitted(masked(linked.mail), member.kaiin_token, member.tanmatu_kagi)


def _require_confirmed(applicant: Applicant) -> None:
    """Sending the agreement and the entries says both for the customer, who must have said them first."""
    if any(applicant.values.get(key) != YES for key in (Key.TERMS_CONFIRMED, Key.ENTRIES_CONFIRMED)):
        raise unticked()


def _sent(answer: lines.Answer) -> Asks:
    sent = head(Kakutei)(answer)
    return link_sent(Errand.REGISTRATION, sent.mail, read_ts(sent.kigen))
