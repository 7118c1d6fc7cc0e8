"""Which way into an account suits what a customer has in hand, and why."""

from collections.abc import Iterable

from msgspec import Struct

from insurers.registration import Possession, RegistrationMethod, RegistrationPurpose, Suit
from insurers.text import Text


class Way(Struct, frozen=True, kw_only=True):
    """
    One method, seen by this customer: open with why, or closed for want of `missing`.

    `missing` are the fewest things that would open it.
    """

    method: RegistrationMethod
    open: bool
    why: Text
    missing: frozenset[Possession] = frozenset()


class Advice(Struct, frozen=True, kw_only=True):
    """The ways of one purpose, in the insurer's order; `way` is the one to take, where there is any."""

    purpose: RegistrationPurpose
    why: Text
    ways: tuple[Way, ...]
    way: Way | None = None


def advise(
    methods: Iterable[RegistrationMethod],
    holding: frozenset[Possession],
    purpose: RegistrationPurpose = RegistrationPurpose.FIRST_TIME,
) -> Advice:
    """
    Name the way for somebody who holds these.

    The insurer lists its methods easiest first, so the first that is open is the one; a way that
    asks for nothing in hand stands behind those that make use of it. Who forgot the credentials and
    can reset them in no way registers anew (MS-RST-02).
    """
    known, holding = tuple(methods), _with_what_is_on_them(holding)
    ways = tuple(_way(method, holding) for method in known if method.purpose is purpose)
    way = min((one for one in ways if one.open), key=lambda one: _empty_handed(one.method, holding), default=None)
    if way is None and purpose is RegistrationPurpose.CREDENTIAL_RESET:
        anew = advise(known, holding)
        return Advice(purpose=anew.purpose, why=_ANEW if anew.way else anew.why, ways=ways + anew.ways, way=anew.way)
    return Advice(purpose=purpose, why=way.why if way else _NONE, ways=ways, way=way)


def _with_what_is_on_them(holding: frozenset[Possession]) -> frozenset[Possession]:
    """A certificate and a postcard bear the policy number (MS-REG-20)."""
    return holding | {Possession.POLICY_NUMBER} if holding & _BEARING_THE_NUMBER else holding


_BEARING_THE_NUMBER = frozenset({Possession.CERTIFICATE_WITH_CODE, Possession.POSTCARD})


def _suit(method: RegistrationMethod, holding: frozenset[Possession]) -> Suit | None:
    return next((suit for suit in method.suits if suit.holding <= holding), None)


def _empty_handed(method: RegistrationMethod, holding: frozenset[Possession]) -> bool:
    suit = _suit(method, holding)
    return suit is None or not suit.holding


def _way(method: RegistrationMethod, holding: frozenset[Possession]) -> Way:
    suit = _suit(method, holding)
    if suit is not None:
        return Way(method=method, open=True, why=suit.why)
    nearest = min(method.suits, key=lambda one: len(one.holding - holding), default=_NEVER)
    return Way(method=method, open=False, why=_LACKING, missing=nearest.holding - holding)


_NEVER = Suit(holding=frozenset(), why=Text("", ""))
_LACKING = Text("この方法に必要なものが足りません。", "Something that this way needs is missing.")
_NONE = Text(
    "お持ちのものではオンラインで登録できません。取扱代理店または保険会社へお問い合わせください。",
    "Nothing that you hold opens a way online. Please ask your agency or the insurer.",
)
_ANEW = Text(
    "ご登録のメールアドレスが使えない場合は再登録できないため、新規にご登録ください。",
    "The credentials cannot be reset without the registered mailbox: register anew.",
)
