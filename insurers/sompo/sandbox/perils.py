"""What 車両保険 covers, peril by peril, under each of its two types (WIRE.md §5.4)."""

from dataclasses import dataclass

from insurers.sompo.sandbox.covers import FULL

COVERED, CONDITIONAL, NOT_COVERED = "10", "20", "00"


@dataclass(frozen=True)
class Peril:
    code: str
    name: str
    full: str
    car_to_car: str
    car_to_car_note: str = ""

    def under(self, kind: str) -> tuple[str, str]:
        """Answer whether it is covered by that type, and the remark."""
        return (self.full, "") if kind == FULL else (self.car_to_car, self.car_to_car_note)


PERILS = (
    Peril("01", "他の自動車との衝突", COVERED, CONDITIONAL, "相手自動車が確認できる場合に限ります"),
    Peril("02", "相手不明の当て逃げ", COVERED, NOT_COVERED),
    Peril("03", "電柱・ガードレール等への衝突", COVERED, NOT_COVERED),
    Peril("04", "転覆・墜落", COVERED, NOT_COVERED),
    Peril("05", "火災・爆発", COVERED, COVERED),
    Peril("06", "盗難", COVERED, COVERED),
    Peril("07", "台風・洪水・高潮", COVERED, COVERED),
    Peril("08", "落書き・いたずら", COVERED, COVERED),
    Peril("09", "飛来中・落下中の他物との衝突", COVERED, COVERED),
    Peril("10", "その他の偶然な事故", COVERED, NOT_COVERED),
)
