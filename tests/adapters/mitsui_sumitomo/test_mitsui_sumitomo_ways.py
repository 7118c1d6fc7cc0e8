"""Which way into the portal is named for what a customer holds."""

import pytest

from insurers.advice import advise
from insurers.mitsui_sumitomo.ways import WAYS
from insurers.registration import Possession, RegistrationPurpose

P = Possession


@pytest.mark.parametrize(
    ("holding", "way"),
    [
        ({P.CERTIFICATE_WITH_CODE, P.POLICY_NUMBER}, "first_id"),
        ({P.POSTCARD}, "first_id"),
        ({P.APP}, "procedure_code"),
        ({P.APP, P.POLICY_NUMBER}, "temporary_password"),
        ({P.APP, P.CERTIFICATE_WITH_CODE}, "first_id"),
        ({P.APP, P.EMPLOYEE_NUMBER}, "link_and_keyword"),
        ({P.LINE, P.POLICY_NUMBER}, "line"),
        ({P.POLICY_NUMBER}, "temporary_password"),
        ({P.EMPLOYEE_NUMBER}, "link_and_keyword"),
        (set(), "link_and_keyword"),
    ],
)
def test_the_way_follows_from_what_is_in_hand(holding: set[Possession], way: str) -> None:
    advice = advise(WAYS, frozenset(holding))

    assert advice.way is not None
    assert way == advice.way.method.key
    assert advice.why.ja


@pytest.mark.parametrize("holding", [set(), {P.EMPLOYEE_NUMBER}])
def test_registering_without_a_certificate_names_the_employee_number(holding: set[Possession]) -> None:
    why = advise(WAYS, frozenset(holding)).why

    assert "社員番号" in why.ja
    assert "employee number" in why.en
    assert "group-handled" in why.en


def test_the_app_without_anything_else_says_that_a_code_is_needed() -> None:
    why = advise(WAYS, frozenset({P.APP})).why

    assert "手続コード" in why.ja
    assert "procedure code" in why.en


def test_line_wants_a_policy_number_besides() -> None:
    ways = {way.method.key: way for way in advise(WAYS, frozenset({P.LINE})).ways}

    assert {P.POLICY_NUMBER} == ways["line"].missing


def test_a_dead_mailbox_leads_to_a_new_registration() -> None:
    reset = RegistrationPurpose.CREDENTIAL_RESET

    with_mail, without = (advise(WAYS, frozenset(held), reset).way for held in ({P.REGISTERED_MAILBOX}, set()))
    assert with_mail is not None
    assert without is not None
    assert "credential_reset" == with_mail.method.key
    assert without.method.key == with_mail.method.instead == "link_and_keyword"


def test_every_way_is_explained() -> None:
    assert [] == [method.key for method in WAYS if not (method.suits and method.needs)]
