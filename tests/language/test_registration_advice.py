"""Which way into an account suits what a customer has in hand."""

from hypothesis import given
from hypothesis import strategies as st

from insurers.advice import advise
from insurers.registration import Possession, RegistrationMethod, RegistrationPurpose, Suit
from insurers.script import Script
from insurers.text import Text

P = Possession
RESET, FIRST = RegistrationPurpose.CREDENTIAL_RESET, RegistrationPurpose.FIRST_TIME


def way(key: str, *suits: frozenset[Possession], purpose: RegistrationPurpose = FIRST) -> RegistrationMethod:
    return RegistrationMethod(
        key=key,
        label=Text(key, key),
        needs=(),
        script=Script(()),
        purpose=purpose,
        suits=tuple(Suit(holding=suit, why=Text(f"{key}だから", f"because {key}")) for suit in suits),
    )


WAYS = (
    way("code", frozenset({P.CERTIFICATE_WITH_CODE}), frozenset({P.POSTCARD})),
    way("messenger", frozenset({P.LINE, P.POLICY_NUMBER})),
    way("number", frozenset({P.POLICY_NUMBER})),
    way("reset", frozenset({P.REGISTERED_MAILBOX}), purpose=RESET),
)

holdings = st.frozensets(st.sampled_from(Possession))


def named(*holding: Possession, purpose: RegistrationPurpose = FIRST) -> str | None:
    advice = advise(WAYS, frozenset(holding), purpose)
    return advice.way.method.key if advice.way else None


def test_the_easiest_way_that_is_open_is_named() -> None:
    assert "code" == named(P.POSTCARD)
    assert "code" == named(P.CERTIFICATE_WITH_CODE, P.POLICY_NUMBER)
    assert "messenger" == named(P.LINE, P.POLICY_NUMBER)
    assert "number" == named(P.POLICY_NUMBER)


def test_a_way_that_needs_nothing_in_hand_is_for_whom_no_other_suits() -> None:
    ways = (way("anybody", frozenset()), *WAYS)

    def named_first(*holding: Possession) -> str | None:
        advice = advise(ways, frozenset(holding))
        return advice.way.method.key if advice.way else None

    assert ["anybody", "anybody", "code", "number"] == [
        named_first(),
        named_first(P.LINE),
        named_first(P.POSTCARD),
        named_first(P.POLICY_NUMBER),
    ]


def test_a_certificate_bears_the_policy_number() -> None:
    assert (
        "number"
        == (advise(WAYS[1:], frozenset({P.CERTIFICATE_WITH_CODE})).way or advise(WAYS, frozenset()).ways[0]).method.key
    )


def test_with_nothing_that_opens_a_way_none_is_named_and_it_is_said_what_is_missing() -> None:
    advice = advise(WAYS, frozenset({P.LINE}))

    assert advice.way is None
    assert "agency" in advice.why.en
    assert [("code", 1), ("messenger", 1), ("number", 1)] == [(way.method.key, len(way.missing)) for way in advice.ways]
    assert {P.POLICY_NUMBER} == advice.ways[1].missing


def test_credentials_are_reset_by_who_reads_the_registered_mailbox() -> None:
    assert "reset" == named(P.REGISTERED_MAILBOX, purpose=RESET)


def test_who_cannot_reset_registers_anew() -> None:
    advice = advise(WAYS, frozenset({P.POLICY_NUMBER}), RESET)

    assert advice.way is not None
    assert ("number", FIRST) == (advice.way.method.key, advice.purpose)
    assert "anew" in advice.why.en


@given(holdings)
def test_a_way_is_open_exactly_when_nothing_is_missing(holding: frozenset[Possession]) -> None:
    for found in advise(WAYS, holding).ways:
        assert found.open is not bool(found.missing)


@given(holdings, holdings)
def test_more_in_hand_never_closes_a_way(holding: frozenset[Possession], more: frozenset[Possession]) -> None:
    before, after = (advise(WAYS, held).ways for held in (holding, holding | more))

    assert all(later.open for earlier, later in zip(before, after, strict=True) if earlier.open)
