"""What the customer entered and what the portal read are compared as people would (domain 5.3, MS-REG-14)."""

import msgspec
import pytest

from insurers.mitsui_sumitomo import forms
from insurers.mitsui_sumitomo.entries import read_as_entered
from insurers.mitsui_sumitomo.wire.portal import TorokuKakunin
from insurers.mitsui_sumitomo.wire.values import Shimei

ENTERED = {
    forms.FAMILY_NAME: "髙﨑",
    forms.GIVEN_NAME: "花子",
    forms.FAMILY_KANA: "タカサキ",
    forms.GIVEN_KANA: "カヅコ",
    forms.BIRTH_DATE: "1975-01-01",
    forms.EMAIL: "Hanako@example.jp",
}
READ = TorokuKakunin(
    keiyakusha_shimei=Shimei("高崎", "花子"),
    keiyakusha_kana=Shimei("ﾀｶｻｷ", "カヅコ"),
    seinengappi="1975-01-01",
    mail_address="hanako@example.jp",
    shain_no=None,
)


def test_the_portal_may_spell_what_was_entered_in_its_own_way() -> None:
    assert read_as_entered(READ, ENTERED)


@pytest.mark.parametrize(
    ("field", "read"),
    [
        ("keiyakusha_shimei", Shimei("高橋", "花子")),
        ("keiyakusha_kana", Shimei("タカハシ", "カヅコ")),
        ("seinengappi", "1975-01-02"),
        ("mail_address", "taro@example.jp"),
        ("shain_no", "12345"),
    ],
)
def test_it_may_not_read_another_person(field: str, read: object) -> None:
    assert not read_as_entered(msgspec.structs.replace(READ, **{field: read}), ENTERED)
