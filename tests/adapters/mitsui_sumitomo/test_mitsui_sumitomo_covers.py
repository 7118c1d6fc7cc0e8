"""A cover is kept in our words, and told as it stands whatever was told before."""

from hypothesis import given
from hypothesis import strategies as st

from insurers.coverage import Covered
from insurers.mitsui_sumitomo import covers
from insurers.mitsui_sumitomo.wire import eg1, values
from insurers.money import LimitKind

CHOICES = (values.Sentaku("A", "甲"), values.Sentaku("B", "乙"))

SUMS = st.builds(values.Kingaku, st.booleans(), st.none() | st.integers(0, 1), st.sampled_from(["1MEI", "1JIKO"]))
PERILS = st.builds(values.JikoKeitai, st.just("KASAI"), st.just("火災"), st.sampled_from(["ARI", "NASHI"])).map(
    lambda peril: (peril,)
)
LINES = st.builds(
    values.Hosho,
    code=st.sampled_from(["TAIJIN", "SHARYO", "NANIKA"]),
    meisho=st.just("補償"),
    kanyu=st.none() | st.booleans(),
    naiyo=st.sampled_from(["あり", "なし"]),
    hoken_kingaku=st.none() | SUMS,
    menseki=st.none() | st.builds(values.Menseki, st.integers(0, 1), st.integers(0, 1)),
    kata=st.sampled_from([None, "IPPAN", "NANIKA"]),
    jiko_keitai=st.none() | PERILS,
)
EDITS = st.lists(
    st.builds(
        eg1.HenkoKomoku,
        komoku=st.just("TAIJIN_GAKU"),
        hosho_code=st.sampled_from(["TAIJIN", "SHARYO"]),
        meisho=st.just("金額"),
        genzai=st.sampled_from(["A", "B"]),
        shoki=st.just("A"),
        sentakushi=st.just(CHOICES),
    ),
    max_size=2,
    unique_by=lambda edit: edit.hosho_code,
)


@given(LINES, EDITS)
def test_a_cover_is_told_as_it_stands_whatever_was_told_before(
    line: values.Hosho, edits: list[eg1.HenkoKomoku]
) -> None:
    own = [(choice.code, edit.genzai) for edit in edits if edit.hosho_code == line.code for choice in CHOICES]

    told = covers.coverage(line, edits)

    assert (line.meisho, line.naiyo, line.kanyu is True, line.kanyu is not None) == (
        told.insurer_label,
        told.note,
        told.included,
        told.stated,
    )
    assert [f"TAIJIN_GAKU:{code}" for code, _ in own] == [option.value for option in told.options]
    assert [code == present for code, present in own] == [option.selected for option in told.options]
    assert [peril.hosho == "ARI" for peril in line.jiko_keitai or ()] == [
        peril.covered is Covered.YES for peril in told.perils
    ]
    assert (line.kata is None) == (told.variant is None)
    if line.menseki:
        assert told.deductible is not None
        assert (line.menseki.shokai, line.menseki.nikaime) == (
            told.deductible.first.amount,
            told.deductible.second.amount,
        )
    stated = line.hoken_kingaku
    assert (stated is None) == (told.limit is None)
    if stated and told.limit:
        assert (stated.museigen, stated.tani == "1MEI") == (
            told.limit.kind is LimitKind.UNLIMITED,
            told.limit.per_person,
        )
        assert (None if stated.museigen else stated.kin) == (told.limit.amount.amount if told.limit.amount else None)
