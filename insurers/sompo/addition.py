"""More policies for a member (SJ-REG-12)."""

from collections.abc import Sequence

import msgspec

from insurers.account import Access, Active
from insurers.adapter import Applicant
from insurers.errors import AccessDenied, InsurerError, Unconfirmed
from insurers.registration import Possession, RegistrationMethod, RegistrationPurpose, Suit
from insurers.script import Script, Step, StepKind
from insurers.sompo.access import opened
from insurers.sompo.code import CODE
from insurers.sompo.desk import Desk, head
from insurers.sompo.fields import POLICY_NUMBERS, StepKey
from insurers.sompo.mapping.applicant import numbers
from insurers.sompo.sessions import Sessions
from insurers.sompo.wire import says
from insurers.sompo.wire.contracts import contracts
from insurers.sompo.wire.members import Tuika
from insurers.text import Text

CONTRACTS = Step(
    key=StepKey.CONTRACTS,
    kind=StepKind.IDENTITY,
    title=Text("契約の追加", "More policies"),
    help=Text(
        "マイページ登録後に契約を追加することも可能です。一度に5契約まで追加できます。"
        "ご登録の「氏名」「住所」「生年月日」「電話番号」がご契約情報と一致していないと追加できません。",
        "Up to five at a time. Your registered name, address, birth date and phone must be those on the contracts.",
    ),
    requirements=(msgspec.structs.replace(POLICY_NUMBERS, required=True),),
    sends=True,
)

ADD_POLICIES = RegistrationMethod(
    key="add_policies",
    label=Text("契約の追加", "Add policies"),
    needs=(Text("保険証券（証券番号）", "Your policy numbers"),),
    script=Script(steps=(CONTRACTS,)),
    purpose=RegistrationPurpose.ADD_POLICIES,
    suits=(
        Suit(
            holding=frozenset({Possession.POLICY_NUMBER}),
            why=Text(
                "証券番号で、会員登録済みのマイページに契約を追加できます。",
                "With its policy number, a contract is added to your My Page.",
            ),
        ),
    ),
)


class Addition:
    def __init__(self, desk: Desk, sessions: Sessions) -> None:
        self._desk = desk
        self._sessions = sessions

    async def begin(self, applicant: Applicant, access: Access | None) -> Active:
        """
        All of the policies are added, or none.

        Raises:
            NeedsCustomer: the trusted device was asked for a passcode; nothing was added.
        """
        if access is None:
            raise AccessDenied(CODE)
        wanted = numbers(applicant)

        async def add(token: str) -> Tuika:
            return await self._desk.ask(says.addition(token, wanted), head(Tuika), writes=True)

        try:
            await self._sessions.act(access, add)
        except Unconfirmed:
            if not await self._added(access, wanted):
                raise
        return Active(access=access, user_hint=opened(access).hint or None)

    async def _added(self, access: Access, wanted: Sequence[str]) -> bool:
        """Tell whether the account shows them. Where it does not, or says nothing, that tells nothing."""

        async def look(token: str) -> bool:
            shown = await self._desk.ask(says.contracts(token, wanted), contracts)
            return {contract.keiyaku.syoken_no for contract in shown} == set(wanted)

        try:
            return await self._sessions.act(access, look)
        except InsurerError:
            return False
