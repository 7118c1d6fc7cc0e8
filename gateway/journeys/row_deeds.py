"""What is done to one entry, within a transaction: reminded of, asked for, assigned, marked, written about."""

from collections.abc import Mapping

from gateway.journeys.asking_customers import AskingCustomers
from gateway.journeys.reminding import Reminding, unsent
from gateway.store import Work
from insurers.agency import Agency, Agent, AgentRole
from insurers.agency_request import RequestKind
from insurers.book import CLOSED_ENTRIES, SENT_ENTRIES, Entry, Mark, Note
from insurers.identity import PolicyRef
from insurers.panel import Clock
from insurers.person import Private
from insurers.text import Text
from schema.agency_ports import Annotate, Ask, Assign, Deed, Put, Remind
from schema.ports import Asker
from schema.problems import Problem, ProblemCode, invalid

Problems = tuple[Problem, ...]

LONGEST_TEXT = 2000


class Order(Private, frozen=True):
    """Who does what, and under which key."""

    agent: Agent
    asker: Asker
    deed: Deed
    key: str


class RowDeeds:
    def __init__(self, clock: Clock, reminding: Reminding, asking: AskingCustomers) -> None:
        self._clock = clock
        self._reminding = reminding
        self._asking = asking

    async def do(self, work: Work, order: Order, agency: Agency, entry: Entry) -> Problems:
        """Do it, and answer why it was not done; what was done is noted in the book."""
        match order.deed:
            case Remind() as deed:
                return await self._remind(work, order.agent, agency, entry, deed)
            case Ask():
                return await self._ask(work, order.agent, agency, entry)
            case Assign() as deed:
                return await self._assign(work, order.agent, entry, deed)
            case Annotate() as deed:
                return await self._annotate(work, order.agent, entry, deed)
            case Put() as deed:
                return await self._put(work, order.agent, entry, deed)
        raise TypeError(f"no deed for one row: {type(order.deed).__name__}")

    async def note(self, work: Work, agent: Agent, entry: Entry, text: Text | str) -> None:
        """Write down what an agent did about an entry, or thinks of it."""
        await self._noted(work, agent, entry.id, text)

    async def _noted(self, work: Work, agent: Agent, entry: str, text: Text | str) -> None:
        said = text if isinstance(text, str) else f"{text.ja} / {text.en}"
        note = Note(id="", entry=entry, author=agent.id, author_name=agent.name, at=self._clock(), text=said)
        await work.book.note(agent.agency, note)

    async def _remind(self, work: Work, agent: Agent, agency: Agency, entry: Entry, deed: Remind) -> Problems:
        if (words := _words(deed.words)) is None:
            return (_too_long("message"),)
        if (refusal := self._reminding.refusal(entry)) is not None:
            return (refusal,)
        ref = PolicyRef(entry.insurer, entry.record.number)
        if await work.reminders.is_near(agency.id, ref, entry.record.ends_at, self._clock()):
            return (_REMINDED_TODAY,)
        reminder = await self._reminding.remind(work, entry, agency, words=words or None, step=None)
        if reminder is not None and reminder.unsent is not None:
            return (unsent(reminder.unsent),)
        await self.note(work, agent, entry, _REMINDED)
        return ()

    async def _ask(self, work: Work, agent: Agent, agency: Agency, entry: Entry) -> Problems:
        asked = await self._asking.ask(work, agent, agency, entry)
        if asked.problem is not None:
            return (asked.problem,)
        if asked.request is not None:
            await self.note(work, agent, entry, _ASKED[asked.request.kind])
        return ()

    async def _assign(self, work: Work, agent: Agent, entry: Entry, deed: Assign) -> Problems:
        whom = await work.agencies.agent(deed.agent) if deed.agent is not None else None
        if deed.agent is not None and not _may_have(whom, agent, entry):
            return (_NO_SUCH_AGENT,)
        # Who sees one branch gives away what the customer has there, and nothing of another's.
        within = None if agent.sees_all else agent.branch
        moved = await work.book.assign(agent.agency, [bytes.fromhex(entry.person)], deed.agent, branch=within)
        given = _given(whom) if whom is not None else _TAKEN
        for one in moved:
            await self._noted(work, agent, str(one), given)
        return ()

    async def _annotate(self, work: Work, agent: Agent, entry: Entry, deed: Annotate) -> Problems:
        words = _words(deed.text)
        if not words:
            return (_too_long("text") if words is None else _NO_TEXT,)
        await self.note(work, agent, entry, words)
        return ()

    async def _put(self, work: Work, agent: Agent, entry: Entry, deed: Put) -> Problems:
        if (words := _words(deed.text)) is None:
            return (_too_long("note"),)
        if deed.mark is not None and entry.status in SENT_ENTRIES:
            # Whoever calls it settled elsewhere would have one car insured twice (P-1).
            return (_APPLIED,)
        if deed.mark is not None and entry.mark is None and entry.status in CLOSED_ENTRIES:
            return (SETTLED,)
        await work.book.mark(entry.agency, [int(entry.id)], deed.mark, self._clock())
        if deed.mark is not entry.mark:
            await self.note(work, agent, entry, _MARKED[deed.mark])
        if words:
            await self.note(work, agent, entry, words)
        return ()


async def working(work: Work, agent: Agent) -> Agent | None:
    """Answer the agent as they are at this moment; None where they work there no more."""
    found = await work.agencies.agent(agent.id)
    return found if found is not None and found.active and found.agency == agent.agency else None


def _may_have(whom: Agent | None, giver: Agent, entry: Entry) -> bool:
    """
    Whether an entry may be given to somebody: who works there still, and sees it.

    A manager gives to anybody; an agent of a branch to those of that branch.
    """
    if whom is None or not whom.active or whom.agency != entry.agency:
        return False
    if not (whom.sees_all or whom.branch == entry.branch):
        return False
    return giver.role is AgentRole.MANAGER or giver.branch is None or whom.branch == giver.branch


def _words(text: str | None) -> str | None:
    """Answer what is written there, or None where it is too long."""
    said = (text or "").strip()
    return said if len(said) <= LONGEST_TEXT else None


def _too_long(field: str) -> Problem:
    words = Text(f"{LONGEST_TEXT}文字までで入力してください。", f"Up to {LONGEST_TEXT} characters, please.")
    return invalid(words, field)


def _given(agent: Agent) -> Text:
    return Text(f"担当者を{agent.name}にしました。", f"Given to {agent.name}.")


_TAKEN = Text("担当者を外しました。", "Given to nobody.")
_REMINDED = Text("満期のご案内メールを送ります。", "A reminder goes out by mail.")
_ASKED: Mapping[RequestKind, Text] = {
    RequestKind.CONSENT: Text("お客さまに同意をお願いしました。", "The customer was asked for consent."),
    RequestKind.LINK: Text(
        "お客さまにアカウントの連携をお願いしました。", "The customer was asked to link the account."
    ),
    RequestKind.CONFIRM: Text("お客さまに更新内容の確認をお願いしました。", "The customer was asked to confirm."),
}
_MARKED: Mapping[Mark | None, Text] = {
    Mark.DONE_ELSEWHERE: Text("「他で手続き済み」の印を付けました。", "Marked as done elsewhere."),
    Mark.REFERRED: Text("「代理店対応」の印を付けました。", "Marked as referred to the agency."),
    None: Text("印を外しました。", "The mark was taken off."),
}

_NO_TEXT = invalid(Text("メモの内容を入力してください。", "Write something into the note."), "text")
_NO_SUCH_AGENT = invalid(
    Text(
        "この契約を担当できる募集人ではありません。同じ代理店で、この契約の拠点を扱う募集人を指定してください。",
        "This is nobody who can have it. Name an agent of your agency who works at the branch of this policy.",
    ),
    "assigneeId",
)
_REMINDED_TODAY = Problem(
    code=ProblemCode.ALREADY_DONE,
    message=Text(
        "この契約のご案内は本日すでに送っています。お急ぎの場合は電話でご連絡ください。",
        "The customer was reminded of this policy today already. If it is urgent, call.",
    ),
)
_APPLIED = Problem(
    code=ProblemCode.STEP_LOCKED,
    message=Text(
        "申込みの手続き中のため、印を付けられません。取り下げるか、結果が出てからにしてください。",
        "An application is on its way, so no mark can be put. Take it back, or wait for its result.",
    ),
)
SETTLED = Problem(
    code=ProblemCode.ALREADY_DONE,
    message=Text("この契約の更新はすでに決着しています。", "The renewal of this policy is settled already."),
)
