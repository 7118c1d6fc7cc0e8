"""Words of a quote for a car that another insurer covers (§16)."""

from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from insurers.mitsui_sumitomo.wire.eg1 import HenkoKomoku, SetsumeiDoga
from insurers.mitsui_sumitomo.wire.values import Dairiten, Dantai, Hokenryo, Hosho, Joken, Kikan, Said, Tokyu


class Zentei(Said, frozen=True):
    code: str
    setsumei: str


class Sai(Said, frozen=True):
    komoku: str
    kibo: str
    teiji: str
    riyu: str
    setsumei: str


class MitsumoriPlan(Said, frozen=True):
    plan_no: int
    plan_mei: str
    setsumei: str
    osusume: bool
    henko_zumi: bool
    hosho: tuple[Hosho, ...]
    henko_komoku: tuple[HenkoKomoku, ...]
    hokenryo: Hokenryo
    sai: tuple[Sai, ...]


class Mitsumori(Said, frozen=True):
    hoken_kikan: Kikan
    joken: Joken
    tokyu: Tokyu
    dantai: Dantai | None
    zentei: tuple[Zentei, ...]
    setsumei_doga: SetsumeiDoga
    toriatsukai_dairiten: Dairiten
    shisan_nichiji: str
    plan: tuple[MitsumoriPlan, ...]
    betsuan: tuple[MitsumoriPlan | None, ...]


class Told(Struct, frozen=True, kw_only=True, rename="camel"):
    """What the insurer is told. It comes from another one's contract, so none of it shows in a repr."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class KiboOkuruma(Told, frozen=True, kw_only=True):
    katashiki: str
    shamei: str
    shodo_toroku: str
    yoto_shashu: str | None


class KiboUntensha(Told, frozen=True, kw_only=True):
    untensha_gentei: str
    nenrei_joken: str
    saijakunen_seinengappi: str | None


class ZenKeiyaku(Told, frozen=True, kw_only=True):
    tokyu: int
    jiko_ari_kikan: int
    manki: str


class Kibo(Told, frozen=True, kw_only=True):
    """A car, what is known of it and what is wanted; of the other insurer's contract nothing else travels."""

    hoken_shiki: str
    okuruma: KiboOkuruma
    untensha: KiboUntensha
    shiyo_mokuteki: str
    zen_keiyaku: ZenKeiyaku
    menkyosho_iro: str | None
    hosho: Mapping[str, str] | None
    dantai_mei: str | None


def mitsumori(
    kibo: Kibo,
    *,
    plan_no: int | None = None,
    henko: Mapping[str, str] | None = None,
    betsuan: Iterable[Mapping[str, str]] = (),
) -> bytes:
    told = msgspec.to_builtins(kibo)
    return msgspec.json.encode({**told, "planNo": plan_no, "henko": henko or {}, "betsuan": list(betsuan)})
