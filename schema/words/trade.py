"""Words of the trade in both languages, as the field has them, and where the schema speaks of each."""

from msgspec import Struct

from insurers.text import Text


class Term(Struct, frozen=True):
    """
    One word of the trade, and what it means to somebody who hears it for the first time.

    `places` are schema coordinates; a term without any is one that the schema leaves out on purpose.
    """

    name: Text
    meaning: Text
    places: tuple[str, ...] = ()


TERMS: tuple[Term, ...] = (
    Term(
        Text("引受保険会社", "insurer, underwriting company"),
        Text("リスクを引き受け、契約を結ぶ会社。", "Bears the risk and signs the contract."),
        ("Insurer",),
    ),
    Term(
        Text("保険契約者", "policyholder"),
        Text("契約を結び、保険料を支払う人。", "Concludes the contract and pays for it."),
        ("Customer", "BookCustomer"),
    ),
    Term(
        Text("記名被保険者", "named insured"),
        Text(
            "お車を主に運転する人。等級・免許証の色・運転者の条件はこの人を基準に決まる。",
            "Drives the car most; grade, licence colour and conditions are this person's.",
        ),
        ("DriverScope.licenceColour", "NonFleetGrade"),
    ),
    Term(
        Text("車両所有者", "vehicle owner"),
        Text("お車の持ち主。変更は取扱代理店で手続きする。", "Who owns the car; its change is the agency's business."),
        ("Vehicle",),
    ),
    Term(
        Text("保険証券", "policy certificate, declarations page"),
        Text("契約を証明する書面またはウェブ画面。", "The paper or web page that proves the contract."),
        ("Possession.CERTIFICATE_WITH_CODE", "Document"),
    ),
    Term(
        Text("証券番号", "policy number"),
        Text("契約を示す番号。同じ保険会社の中でだけ重複しない。", "Names a contract; unique only inside its insurer."),
        ("Policy.number",),
    ),
    Term(
        Text("始期日", "inception (effective) date"),
        Text("補償が始まる日。原則として16時から。", "Cover begins, at 16:00 as a rule."),
        ("Policy.startsAt",),
    ),
    Term(
        Text("満期日", "expiry (maturity) date"),
        Text("補償が終わる日。原則として16時まで。", "Cover ends, at 16:00 as a rule."),
        ("Policy.endsAt", "DeadlineKind.MATURITY"),
    ),
    Term(
        Text("継続・更新・更改", "renewal"),
        Text(
            "次の保険期間の契約を結ぶこと。呼び方は保険会社によって異なる。",
            "A new contract for the next term; insurers use any of the three words.",
        ),
        ("Renewal", "Insurer.renewalWord"),
    ),
    Term(
        Text("満期案内", "renewal notice"),
        Text("満期が近いことを知らせる案内。", "The mail that says that a term ends."),
        ("Reminder", "ReminderSchedule"),
    ),
    Term(
        Text("失効・満期切れ", "lapse"),
        Text("更新されないまま満期を過ぎ、補償がなくなること。", "The term ended and nothing took its place."),
        ("RenewalStatus.LAPSED",),
    ),
    Term(
        Text("ノンフリート等級", "non-fleet grade (no-claims class)"),
        Text(
            "1から20まで。無事故なら1年に1つ上がり、保険料が下がる。",
            "1 to 20; each year without a claim is one up, and the premium falls.",
        ),
        ("NonFleetGrade", "BookEntry.grade"),
    ),
    Term(
        Text("事故有係数適用期間", "claims-loaded period"),
        Text(
            "事故のあと、同じ等級でも割高な保険料となる年数（0から6年）。",
            "For so many years (0 to 6) the premium of the grade is dearer, after a claim.",
        ),
        ("NonFleetGrade.accidentTerm",),
    ),
    Term(
        Text("3等級ダウン・1等級ダウン・ノーカウント事故", "three-grade, one-grade and non-counted claim"),
        Text("事故によって等級がいくつ下がるか。", "How far a claim lowers the grade."),
        ("NonFleetGrade.provisional",),
    ),
    Term(
        Text("団体扱契約", "group-handled (payroll-collected) contract"),
        Text("保険料を給与から差し引く、個人の契約。", "A person's contract whose premium is taken from wages."),
        ("GroupScheme", "ContractForm.GROUP_HANDLED"),
    ),
    Term(
        Text("乗合代理店", "multi-insurer agency"),
        Text("複数の保険会社の商品を扱う代理店。", "Sells for several insurers."),
        ("MultiAgency",),
    ),
    Term(
        Text("取扱代理店", "handling agency"),
        Text("その契約を保険会社に代わって担当する代理店。", "Looks after one contract for its insurer."),
        ("Agency",),
    ),
    Term(
        Text("募集人", "solicitor (licensed seller), agent"),
        Text("保険の説明と募集ができる、登録を受けた人。", "May explain and sell insurance."),
        ("Agent",),
    ),
    Term(
        Text("事故番号", "accident reference number"),
        Text(
            "事故を示す保険会社の番号。事故情報を提供する保険会社がないため、スキーマにはない。",
            "Names a claim at its insurer. Claims are not in the schema: no insurer here tells of them.",
        ),
    ),
    Term(
        Text("中断証明書", "certificate of suspension"),
        Text(
            "お車がない間、等級を保存する証明書。代理店の手続きのため、スキーマにはない。",
            "Keeps a grade while there is no car. Not in the schema: it is the agency's business.",
        ),
    ),
    Term(
        Text("免責金額・自己負担額", "deductible"),
        Text("損害のうち、お客さまが負担する金額。", "What the customer bears of each damage."),
        ("Deductible",),
    ),
    Term(
        Text("特約", "endorsement, rider"),
        Text("補償を加えたり変えたりする約束。", "Adds to or changes a cover."),
        ("CoverageKey.AUTO_RENEWAL_RIDER", "CoverageKey.LATE_RENEWAL_RIDER"),
    ),
    Term(
        Text("保険金額", "sum insured, limit"),
        Text("支払われる保険金の限度額。", "The most that is paid."),
        ("CoverageLimit",),
    ),
    Term(Text("保険料", "premium"), Text("補償の対価として支払う金額。", "What the cover costs."), ("Premium",)),
    Term(
        Text("保険金", "claim payment"),
        Text("損害に対して、保険金額を限度に支払われるお金。", "What is paid for a damage, up to the limit."),
        ("CoverageLimit.amount",),
    ),
    Term(
        Text("試算・見積", "quote, trial calculation"),
        Text("プランの保険料を計算したもの。", "What a plan would cost."),
        ("Plan", "PremiumDifference"),
    ),
    Term(
        Text("申込", "apply, application"),
        Text(
            "契約を結ぶというお客さまの意思表示。保険会社が承諾すると契約になる。",
            "The customer's binding wish; the insurer's acceptance makes it a contract.",
        ),
        ("Mutation.renewalSubmit", "Consequence.BINDING"),
    ),
    Term(
        Text("告知義務", "duty of disclosure"),
        Text(
            "契約の前に、保険会社の質問へ事実を正しく答える義務。",
            "The customer must answer truthfully what the insurer asks before the contract.",
        ),
        ("ConsentKind.DECLARATION", "RenewabilityCode.DISCLOSURE_APPLIES"),
    ),
    Term(
        Text("通知義務", "duty of notification (mid-term change)"),
        Text(
            "契約後の変更を保険会社へ知らせる義務。代理店の手続きのため、スキーマにはない。",
            "The customer must tell of changes during the term. Not in the schema: changes are the agency's business.",
        ),
    ),
    Term(
        Text("重要事項（等）説明書", "important-matters statement"),
        Text("申込みの前に必ず読む書面。", "What must be read before applying."),
        ("StepKind.IMPORTANT_MATTERS", "DocumentRequirement"),
    ),
    Term(
        Text("契約概要・注意喚起情報", "contract summary, key cautions"),
        Text("重要事項説明書の2つの部分。", "The two halves of the important-matters statement."),
        ("DocumentRequirement",),
    ),
    Term(
        Text("電磁的交付", "electronic delivery"),
        Text(
            "お客さまの承諾を得て、書面の代わりにデータで渡すこと。",
            "Documents as files instead of paper, with the customer's leave.",
        ),
        ("ConsentKind.ELECTRONIC_DELIVERY",),
    ),
    Term(
        Text("約款", "policy wording"),
        Text("契約の内容をすべて定めた文書。", "The terms of the contract in full."),
        ("Document",),
    ),
    Term(
        Text("勧誘方針", "solicitation policy"),
        Text(
            "代理店が公表する、募集の姿勢。代理店のサイトにあるため、スキーマにはない。",
            "How an agency says that it sells. Not in the schema: it stands on the agency's site.",
        ),
    ),
    Term(
        Text("意向", "customer's stated needs"),
        Text("プランを示す前に確かめる、お客さまの希望。", "What the customer wants, before plans are shown."),
        ("Intention",),
    ),
    Term(
        Text("比較説明・推奨販売", "comparison and recommendation"),
        Text(
            "複数の保険会社のプランを明らかな基準で示し、その経緯を記録すること。",
            "Showing plans of several insurers by rules that are stated, and keeping a record of it.",
        ),
        ("Comparison", "Considered"),
    ),
    Term(
        Text("事故担当者", "claims handler"),
        Text(
            "事故ごとの保険会社の担当者。事故情報と同じく、スキーマにはない。",
            "The insurer's person for one claim. Not in the schema, as claims are not.",
        ),
    ),
    Term(
        Text("ロードサービス", "road-side assistance"),
        Text("路上での故障や事故の際の応急対応。", "Help on the road."),
        ("CoverageKey.ROAD_ASSISTANCE",),
    ),
    Term(
        Text("自賠責保険", "compulsory liability insurance"),
        Text(
            "法律ですべての車に義務づけられた保険。このスキーマは任意保険だけを扱う。",
            "The insurance that every car must have by law. Out of scope: this schema is about voluntary insurance.",
        ),
    ),
)
