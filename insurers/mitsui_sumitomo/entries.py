"""What was entered to register, as the insurer wants it, and whether it read it so (MS-REG-02, 05, 14)."""

import re
import unicodedata
from collections.abc import Mapping

from insurers.answers import YES, Value
from insurers.mitsui_sumitomo import forms
from insurers.mitsui_sumitomo.wire import portal
from insurers.mitsui_sumitomo.wire.values import Shimei


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
    return all(_plain(words) == _plain(_text(values, key)) for key, words in said.items())


def _plain(text: str) -> str:
    """Width, spaces and the case of a mail address are the insurer's to choose (WIRE.md §1, §3.1)."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()


def _text(values: Mapping[str, Value], key: str) -> str:
    value = values.get(key, "")
    return value if isinstance(value, str) else ""
