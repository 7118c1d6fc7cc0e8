"""One walk through e-G1, from its door to the button. There is no way back in it (MS-SES-01)."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote
from uuid import UUID

from insurers.account import Access
from insurers.errors import Closed, ErrorCode, Expired, Rejected, Unavailable
from insurers.identity import PolicyNumber
from insurers.mitsui_sumitomo.account import Sessions
from insurers.mitsui_sumitomo.line import Heard, Line
from insurers.mitsui_sumitomo.manifest import IN_EG1
from insurers.mitsui_sumitomo.mapping import CODE
from insurers.mitsui_sumitomo.wire import eg1, portal

# WIRE.md §6.4, botan: edited, and without a price until it is asked for (MS-REN-05).
TO_BE_PRICED = "SAIKEISAN"


async def enter(line: Line, sessions: Sessions, access: Access, number: PolicyNumber) -> "Walk":
    """
    Go through the portal's hand-off into e-G1 (MS-REN-01).

    Raises:
        NotOnline, Duplicate: this contract cannot be renewed online, or not now.
        Rejected: it is not in this account.
    """
    for _ in range(2):
        try:
            handed = await sessions.ask(
                access, "POST", f"/portal/keizoku/{number}/kaishi", operation="/portal/keizoku/{shokenNo}/kaishi"
            )
        except Closed as shut:
            raise _until_both_are_open(shut) from None
        ticket = handed.read(portal.Kaishi).kippu
        try:
            heard = await line.ask("POST", "/eg1/nyujo", body=eg1.nyujo(ticket))
        except Expired:
            # A ticket opens once. When the door's answer was lost, another ticket is to be had.
            continue
        return Walk(line, heard.cookie(eg1.COOKIE), heard.read(eg1.Nyujo))
    raise Unavailable(CODE, code=ErrorCode.SESSION_TIMEOUT)


def _until_both_are_open(shut: Closed) -> Closed:
    """The portal tells when the portal opens again; a renewal needs e-G1 behind it as well (D1)."""
    opens_at = IN_EG1.opens_at(shut.opens_at) if shut.opens_at else None
    return Closed(CODE, shut.words, opens_at=opens_at)


class Walk:
    """
    A session of e-G1 for one renewal.

    Nothing before the button leaves a trace at the insurer (WIRE.md §6, Replay), so every call
    but `apply` is a read, and a session that died or went astray is `Unavailable`.
    """

    def __init__(self, line: Line, cookie: str, entry: eg1.Nyujo) -> None:
        self.entry = entry
        self._line = line
        self._cookie = cookie

    async def conditions(self) -> eg1.KyotsuJoken:
        return (await self._ask("GET", "/eg1/kyotsu-joken")).read(eg1.KyotsuJoken)

    async def tell_conditions(self, differing: Mapping[str, str], *, confirmed: bool) -> eg1.KyotsuJoken:
        """Correct what differs, which has every plan priced anew, and confirm the rest (MS-REN-03)."""
        body = eg1.kyotsu_joken(differing, kakunin=confirmed)
        return (await self._ask("POST", "/eg1/kyotsu-joken", body=body)).read(eg1.KyotsuJoken)

    async def plans(self) -> tuple[eg1.Plan, ...]:
        return (await self._ask("GET", "/eg1/plan")).read(eg1.PlanIchiran).plan

    async def edit(self, plan_no: int, choices: Mapping[str, str]) -> eg1.Plan:
        """
        Edit a plan, and have it priced (MS-REN-04, 05).

        Raises:
            Rejected: a choice that is not to be had (`PLAN_NOT_OFFERED`).
        """
        try:
            heard = await self._of_plan("PUT", plan_no, "henko", eg1.henko(choices))
        except Rejected as refusal:
            raise Rejected(CODE, refusal.words, code=ErrorCode.PLAN_NOT_OFFERED) from None
        plan = heard.read(eg1.Plan)
        if plan.botan == TO_BE_PRICED:
            plan = (await self._of_plan("POST", plan_no, "saikeisan")).read(eg1.Plan)
        return plan

    async def reset(self, plan_no: int) -> None:
        """Bring a plan back to its initial settings (変更内容をリセット, MS-REN-07)."""
        (await self._of_plan("POST", plan_no, "reset")).read(eg1.Plan)

    async def decide(self, plan: eg1.Plan) -> None:
        """Take this plan as it is priced (このプランに決定, MS-REN-06)."""
        if plan.shisan_hash is None:
            raise self._line.unreadable()
        heard = await self._of_plan("POST", plan.plan_no, "kettei", eg1.kettei(plan.shisan_hash))
        heard.read(eg1.Dankai)

    async def matters(self) -> eg1.JuyoJiko:
        """Read ①–④ and the document's name, which may be done before a plan is decided (WIRE.md §6.9)."""
        return (await self._ask("GET", "/eg1/juyo-jiko")).read(eg1.JuyoJiko)

    async def document(self, shorui_id: str) -> bytes:
        path = f"/eg1/shorui/{quote(shorui_id, safe='')}"
        return (await self._ask("GET", path, operation="/eg1/shorui/{shoruiId}")).body

    async def declare(self, matters: eg1.JuyoJiko, answers: Mapping[int, str], *, kept: bool) -> None:
        """Answer ①–④, and say that the document was confirmed and stored (MS-REN-08…10)."""
        body = eg1.juyo_jiko(answers, matters.shorui, kakunin_hokan=kept)
        (await self._ask("POST", "/eg1/juyo-jiko", body=body)).read(eg1.Dankai)

    async def review(self) -> eg1.SaishuKakunin:
        return (await self._ask("GET", "/eg1/saishu-kakunin")).read(eg1.SaishuKakunin)

    async def finish(self, *, steps: Iterable[int], cars: int, certificate: str) -> eg1.SaishuKakunin:
        """Confirm the last screen's steps, and make its entries (MS-REN-11…13)."""
        body = eg1.saishu_kakunin(steps=steps, shoyu_daisu=cars, shoken_keishiki=certificate)
        return (await self._ask("POST", "/eg1/saishu-kakunin", body=body)).read(eg1.SaishuKakunin)

    async def apply(self, screen: eg1.SaishuKakunin, key: UUID) -> eg1.Moshikomi:
        """Press the button (上記について内容を同意のうえ申し込む, MS-REN-14). This is the one call that is for good."""
        heard = await self._ask(
            "POST",
            "/eg1/moshikomi",
            body=eg1.moshikomi(screen),
            headers={"Idempotency-Key": str(key)},
            writes=True,
        )
        return heard.read(eg1.Moshikomi)

    async def _of_plan(self, method: str, plan_no: int, deed: str, body: bytes | None = None) -> Heard:
        return await self._ask(
            method, f"/eg1/plan/{plan_no}/{deed}", operation=f"/eg1/plan/{{planNo}}/{deed}", body=body
        )

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        operation: str | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        writes: bool = False,
    ) -> Heard:
        try:
            return await self._line.ask(
                method, path, writes=writes, operation=operation, cookie=self._cookie, body=body, headers=headers
            )
        except Expired as refusal:
            raise Unavailable(CODE, refusal.words, code=ErrorCode.SESSION_TIMEOUT) from None
