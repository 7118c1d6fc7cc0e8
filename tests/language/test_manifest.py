"""An insurer's card answers what can be done, and stops what cannot before anything is sent."""

import pytest

from insurers.capability import Capability, CredentialPolicy, Level, Manifest, NumberShape, Portal
from insurers.errors import NotOffered
from insurers.identity import InsurerCode
from insurers.registration import RegistrationMethod
from insurers.script import Script
from insurers.text import Language, Text

WORD = Text("紙の保険", "Paper Insurance")
LINK = RegistrationMethod(key="link", label=WORD, needs=(), script=Script(()))
CARD = Manifest(
    code=InsurerCode("paper"),
    name=WORD,
    portal=Portal(
        name=WORD,
        url="http://127.0.0.1/",
        idle_timeout_minutes=60,
        resumable=False,
        one_time_password=False,
        credentials=CredentialPolicy(
            min_length=8, max_length=None, character_classes=2, mixed_case=False, user_id_is_email=True, hint=WORD
        ),
    ),
    capabilities={
        Capability.RENEWAL: Level.NATIVE,
        Capability.REQUOTE: Level.EMULATED,
        Capability.CREDENTIAL_RESET: Level.ASSISTED,
        Capability.CLAIM_STATUS: Level.NONE,
    },
    hours={},
    registration_methods=(LINK,),
    number_shape=NumberShape(pattern=r"\d{10}", words=WORD, example="0123456789"),
    contacts=(),
    renewal_word=Text("継続", "renewal"),
)


@pytest.mark.parametrize("capability", [Capability.RENEWAL, Capability.REQUOTE])
def test_what_it_does_itself_may_be_asked_for(capability: Capability) -> None:
    CARD.require(capability)


# What a card does not name is not done, and what the agency does is not done through us.
@pytest.mark.parametrize(
    "capability", [Capability.CREDENTIAL_RESET, Capability.CLAIM_STATUS, Capability.PLAN_VIDEO, Capability.REGISTRATION]
)
def test_what_it_does_not_do_is_stopped_at_the_card(capability: Capability) -> None:
    with pytest.raises(NotOffered) as refused:
        CARD.require(capability)

    assert InsurerCode("paper") == refused.value.insurer


def test_a_level_that_is_not_named_is_none() -> None:
    assert Level.NONE is CARD.level(Capability.PLAN_VIDEO)


def test_a_method_is_found_by_its_key() -> None:
    assert LINK is CARD.method("link")
    assert CARD.method("pigeon") is None


def test_words_are_said_in_the_language_that_is_asked_for() -> None:
    assert ("紙の保険", "Paper Insurance") == (CARD.name.to(Language.JA), CARD.name.to(Language.EN))
