"""What several ways of registering ask alike (WIRE.md §3)."""

from datetime import date

from . import texts
from .bodies import Asked
from .contracts import Name
from .problems import Refusal


class Agreed(Asked, frozen=True):
    """A form with the terms of use beneath it."""

    riyo_kiyaku_doi: bool
    riyo_kiyaku_hansu: str

    def refuse_without_terms(self) -> None:
        """
        Raises:
            Refusal: `terms-not-accepted` or `terms-changed`.
        """
        if not self.riyo_kiyaku_doi:
            raise Refusal("terms-not-accepted")
        if self.riyo_kiyaku_hansu != texts.TERMS_EDITION:
            raise Refusal("terms-changed", hansu=texts.TERMS_EDITION)


class Person(Agreed, frozen=True):
    keiyakusha_shimei: Name
    keiyakusha_kana: Name
    seinengappi: date

    def as_read(self) -> dict[str, object]:
        """「入力内容の確認」 (MS-REG-02, 14)."""
        return {
            "keiyakushaShimei": {"sei": self.keiyakusha_shimei.sei, "mei": self.keiyakusha_shimei.mei},
            "keiyakushaKana": {"sei": self.keiyakusha_kana.sei, "mei": self.keiyakusha_kana.mei},
            "seinengappi": self.seinengappi.isoformat(),
        }


class Holder(Person, frozen=True):
    """A person who names a policy besides."""

    shoken_no: str
