"""The vault opens for whom it was sealed, and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gateway.vault import Keyring, Unsealable, fresh_key

OLD, NEW = fresh_key(1), fresh_key(2)


@given(plain=some.binary(), about=some.text(some.characters(exclude_categories=["Cs"])))
def test_what_was_sealed_is_what_opens(plain: bytes, about: str) -> None:
    keyring = Keyring.parse(OLD)

    assert plain == keyring.open(keyring.seal(plain, about), about)


def test_a_box_is_version_key_nonce_and_ciphertext() -> None:
    box = Keyring.parse(f"{NEW},{OLD}").seal(b"plain", "row")

    assert (1, 2, 2 + 12 + len(b"plain") + 16) == (box[0], box[1], len(box))


def test_no_two_boxes_are_alike() -> None:
    keyring = Keyring.fresh()

    assert keyring.seal(b"plain", "row") != keyring.seal(b"plain", "row")


@pytest.mark.parametrize("position", range(2 + 12 + 5 + 16))
def test_an_altered_byte_anywhere_is_noticed(position: int) -> None:
    keyring = Keyring.parse(f"{OLD},{NEW}")
    box = bytearray(keyring.seal(b"plain", "row"))
    box[position] ^= 3

    with pytest.raises(Unsealable):
        keyring.open(bytes(box), "row")


@pytest.mark.parametrize("length", [0, 1, 13, 29])
def test_a_box_cut_short_is_no_box(length: int) -> None:
    keyring = Keyring.fresh()

    with pytest.raises(Unsealable):
        keyring.open(keyring.seal(b"plain", "row")[:length], "row")


def test_a_box_does_not_open_elsewhere() -> None:
    keyring = Keyring.fresh()

    with pytest.raises(Unsealable):
        keyring.open(keyring.seal(b"plain", "row 1"), "row 2")


def test_a_box_does_not_open_with_another_key_of_the_same_id() -> None:
    with pytest.raises(Unsealable):
        Keyring.fresh().open(Keyring.fresh().seal(b"plain", "row"), "row")


def test_after_a_rotation_old_boxes_open_and_new_ones_are_under_the_new_key() -> None:
    box = Keyring.parse(OLD).seal(b"plain", "row")
    rotated = Keyring.parse(f"{NEW},{OLD}")

    assert b"plain" == rotated.open(box, "row")
    assert rotated.primary == rotated.seal(b"plain", "row")[1]


def test_without_its_key_a_box_stays_shut() -> None:
    with pytest.raises(Unsealable):
        Keyring.parse(NEW).open(Keyring.parse(OLD).seal(b"plain", "row"), "row")


def test_a_fingerprint_survives_a_rotation() -> None:
    before = Keyring.parse(OLD).fingerprint("A1234567")

    assert before == Keyring.parse(f"{NEW},{OLD}").fingerprint("A1234567")
    assert before != Keyring.parse(OLD).fingerprint("A1234568")


def test_a_fingerprint_needs_the_key() -> None:
    assert Keyring.fresh().fingerprint("A1234567") != Keyring.fresh().fingerprint("A1234567")


@given(payload=some.binary())
def test_a_ticket_travels_in_an_address_and_is_redeemed(payload: bytes) -> None:
    keyring = Keyring.parse(OLD)
    ticket = keyring.ticket(payload, "document")

    assert set(ticket) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert payload == keyring.redeem(ticket, "document")


@pytest.mark.parametrize("forged", ["", "A", "ticket", "束", "A" * 60, "====", "a+b/"])
def test_a_forged_ticket_is_not_redeemed(forged: str) -> None:
    with pytest.raises(Unsealable):
        Keyring.fresh().redeem(forged, "document")


def test_a_ticket_is_for_one_thing_only() -> None:
    keyring = Keyring.fresh()

    with pytest.raises(Unsealable):
        keyring.redeem(keyring.ticket(b"payload", "document"), "account")


@pytest.mark.parametrize(
    "text",
    ["", "1", "1:", "1:c2hvcnQ=", "x:KEY", ":KEY", "-1:KEY", "0:KEY", "256:KEY", "1:KEY,1:KEY", "1:KEY,", "1:KEY!"],
)
def test_a_keyring_that_does_not_read_is_refused_without_repeating_it(text: str) -> None:
    key = OLD.removeprefix("1:")
    with pytest.raises(ValueError) as refusal:
        Keyring.parse(text.replace("KEY", key))

    assert key not in str(refusal.value)
    assert "c2hvcnQ" not in str(refusal.value)


def test_nothing_of_a_key_is_shown() -> None:
    keyring = Keyring.parse(OLD)

    assert "Keyring(…)" == repr(keyring) == str(keyring)
    assert not hasattr(keyring, "__dict__")
