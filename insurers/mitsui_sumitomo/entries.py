"""What was entered to register, as the insurer wants it, and whether it read it so (MS-REG-02, 05, 14)."""

from collections.abc import Mapping

from insurers.answers import YES, Value
from insurers.kana import same_kana
from insurers.mitsui_sumitomo import forms
from insurers.mitsui_sumitomo.wire import entrance, portal
from insurers.mitsui_sumitomo.wire.values import Shimei
from insurers.name import same_name

_SAME = {forms.FAMILY_KANA: same_kana, forms.GIVEN_KANA: same_kana}


def confirmed(values: Mapping[str, Value], *boxes: str) -> bool:
    return all(values.get(box) == YES for box in boxes)


def toroku(values: Mapping[str, Value]) -> bytes:
    return portal.toroku(
        shimei=Shimei(_text(values, forms.FAMILY_NAME), _text(values, forms.GIVEN_NAME)),
        kana=Shimei(_text(values, forms.FAMILY_KANA), _text(values, forms.GIVEN_KANA)),
        seinengappi=_text(values, forms.BIRTH_DATE),
        mail=_text(values, forms.EMAIL),
        keyword=_text(values, forms.CHOSEN_KEYWORD) or None,
        shain_no=_text(values, forms.EMPLOYEE_NUMBER) or None,
        doi=confirmed(values, forms.TERMS),
        hansu=forms.TERMS_EDITION,
    )


def shinki(values: Mapping[str, Value]) -> bytes:
    return _of_a_policy(values, mail=_text(values, forms.EMAIL))


def line_toroku(values: Mapping[str, Value]) -> bytes:
    return _of_a_policy(values, mail=None)


def _of_a_policy(values: Mapping[str, Value], *, mail: str | None) -> bytes:
    return entrance.shinki(
        shimei=Shimei(_text(values, forms.FAMILY_NAME), _text(values, forms.GIVEN_NAME)),
        kana=Shimei(_text(values, forms.FAMILY_KANA), _text(values, forms.GIVEN_KANA)),
        seinengappi=_text(values, forms.BIRTH_DATE),
        shoken_no=_text(values, forms.POLICY_NUMBER),
        mail=mail,
        doi=confirmed(values, forms.TERMS),
        hansu=forms.TERMS_EDITION,
    )


def kantan(values: Mapping[str, Value]) -> bytes:
    return entrance.kantan(
        shokai_user_id=_text(values, forms.FIRST_USER_ID),
        shokai_password=_text(values, forms.PROCEDURE_CODE),
        doi=confirmed(values, forms.TERMS),
        hansu=forms.TERMS_EDITION,
    )


def tetsuzuki_code(values: Mapping[str, Value]) -> bytes:
    return entrance.tetsuzuki_code(
        shoken_no=_text(values, forms.POLICY_NUMBER),
        code=_text(values, forms.PROCEDURE_CODE),
        seinengappi=_text(values, forms.BIRTH_DATE),
        doi=confirmed(values, forms.TERMS),
        hansu=forms.TERMS_EDITION,
    )


def saitoroku(values: Mapping[str, Value]) -> bytes:
    return entrance.saitoroku(mail=_text(values, forms.EMAIL), seinengappi=_text(values, forms.BIRTH_DATE))


def policy_read_as_entered(said: entrance.ShinkiKakunin | entrance.LineKakunin, values: Mapping[str, Value]) -> bool:
    """The same for a form that names a policy; LINE's has no mail address."""
    mail = {forms.EMAIL: said.mail_address} if isinstance(said, entrance.ShinkiKakunin) else {}
    return _same(
        {
            forms.FAMILY_NAME: said.keiyakusha_shimei.sei,
            forms.GIVEN_NAME: said.keiyakusha_shimei.mei,
            forms.FAMILY_KANA: said.keiyakusha_kana.sei,
            forms.GIVEN_KANA: said.keiyakusha_kana.mei,
            forms.BIRTH_DATE: said.seinengappi,
            forms.POLICY_NUMBER: said.shoken_no,
        }
        | mail,
        values,
    )


def read_as_entered(said: portal.TorokuKakunin, values: Mapping[str, Value]) -> bool:
    """Whether the customer's screen to confirm (入力内容の確認) would show what the customer entered."""
    return _same(
        {
            forms.FAMILY_NAME: said.keiyakusha_shimei.sei,
            forms.GIVEN_NAME: said.keiyakusha_shimei.mei,
            forms.FAMILY_KANA: said.keiyakusha_kana.sei,
            forms.GIVEN_KANA: said.keiyakusha_kana.mei,
            forms.BIRTH_DATE: said.seinengappi,
            forms.EMAIL: said.mail_address,
            forms.EMPLOYEE_NUMBER: said.shain_no or "",
        },
        values,
    )


def chosen_as_entered(said: portal.IdPassword, values: Mapping[str, Value]) -> bool:
    wanted = confirmed(values, forms.MAIL_WANTED)
    return _same({forms.USER_ID: said.user_id}, values) and said.mail_kibo == wanted


def _same(said: Mapping[str, str], values: Mapping[str, Value]) -> bool:
    """Width, spaces, forms of a kanji and the case of a mail address are the insurer's to choose (WIRE.md §1, §3.1)."""
    return all(_SAME.get(key, same_name)(words, _text(values, key)) for key, words in said.items())


def _text(values: Mapping[str, Value], key: str) -> str:
    value = values.get(key, "")
    return value if isinstance(value, str) else ""
