"""What Sompo says beside a refusal (WIRE.md §2)."""

from insurers.sompo.wire.records import Record


class Nothing(Record, frozen=True):
    """Most refusals have nothing beside them."""


class Fields(Record, frozen=True):
    koumoku: str

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.koumoku.split(","))


class AttemptsLeft(Record, frozen=True):
    nokori: str


class LockedUntil(Record, frozen=True):
    kaijyo_nitiji: str


class DocumentInForce(Record, frozen=True):
    syorui_no: str


class Agency(Record, frozen=True):
    dairiten_cd: str
    dairiten_mei: str
    dairiten_tel: str
    dairiten_url: str


class OpensAt(Record, frozen=True):
    uketuke_kaisi: str


class AgencyOnly(Record, frozen=True):
    riyuu_cd: str
    dairiten_cd: str
    dairiten_mei: str
    dairiten_tel: str
    dairiten_url: str


class RiskRefused(Record, frozen=True):
    riyuu_cd: str


class StepDue(Record, frozen=True):
    genzai_step: str
