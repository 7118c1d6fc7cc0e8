"""Words of the trade in both languages, as the field has them, and where the schema speaks of each."""

from msgspec import Struct

from insurers.text import Text


class Term(Struct, frozen=True):
    """
    One word of the trade, and what it means to somebody who hears it for the first time.

    `places` are schema coordinates; a term without any is one that the schema leaves out on purpose.
    """

    name: Text
    meaning: str
    places: tuple[str, ...] = ()


TERMS: tuple[Term, ...] = (
    Term(Text("引受保険会社", "insurer, underwriting company"), "Bears the risk and signs the contract.", ("Insurer",)),
    Term(Text("保険契約者", "policyholder"), "Concludes the contract and pays for it.", ("Customer", "BookCustomer")),
    Term(
        Text("記名被保険者", "named insured"),
        "Drives the car most; grade, licence colour and conditions are this person's.",
        ("DriverScope.licenceColour", "NonFleetGrade"),
    ),
    Term(Text("車両所有者", "vehicle owner"), "Who owns the car; its change is the agency's business.", ("Vehicle",)),
    Term(
        Text("保険証券", "policy certificate, declarations page"),
        "The paper or web page that proves the contract.",
        ("Possession.CERTIFICATE_WITH_CODE", "Document"),
    ),
    Term(Text("証券番号", "policy number"), "Names a contract; unique only inside its insurer.", ("Policy.number",)),
    Term(Text("始期日", "inception (effective) date"), "Cover begins, at 16:00 as a rule.", ("Policy.startsAt",)),
    Term(
        Text("満期日", "expiry (maturity) date"),
        "Cover ends, at 16:00 as a rule.",
        ("Policy.endsAt", "DeadlineKind.MATURITY"),
    ),
    Term(
        Text("継続・更新・更改", "renewal"),
        "A new contract for the next term; insurers use any of the three words.",
        ("Renewal", "Insurer.renewalWord"),
    ),
    Term(Text("満期案内", "renewal notice"), "The mail that says that a term ends.", ("Reminder", "ReminderSchedule")),
    Term(Text("失効・満期切れ", "lapse"), "The term ended and nothing took its place.", ("RenewalStatus.LAPSED",)),
    Term(
        Text("ノンフリート等級", "non-fleet grade (no-claims class)"),
        "1 to 20; each year without a claim is one up, and the premium falls.",
        ("NonFleetGrade", "BookEntry.grade"),
    ),
    Term(
        Text("事故有係数適用期間", "claims-loaded period"),
        "For so many years (0 to 6) the premium of the grade is dearer, after a claim.",
        ("NonFleetGrade.accidentTerm",),
    ),
    Term(
        Text("3等級ダウン・1等級ダウン・ノーカウント事故", "three-grade, one-grade and non-counted claim"),
        "How far a claim lowers the grade.",
        ("NonFleetGrade.provisional",),
    ),
    Term(
        Text("団体扱契約", "group-handled (payroll-collected) contract"),
        "A person's contract whose premium is taken from wages.",
        ("GroupScheme", "ContractForm.GROUP_HANDLED"),
    ),
    Term(Text("乗合代理店", "multi-insurer agency"), "Sells for several insurers.", ("MultiAgency",)),
    Term(Text("取扱代理店", "handling agency"), "Looks after one contract for its insurer.", ("Agency",)),
    Term(Text("募集人", "solicitor (licensed seller), agent"), "May explain and sell insurance.", ("Agent",)),
    Term(
        Text("事故番号", "accident reference number"),
        "Names a claim at its insurer. Claims are not in the schema: no insurer here tells of them.",
    ),
    Term(
        Text("中断証明書", "certificate of suspension"),
        "Keeps a grade while there is no car. Not in the schema: it is the agency's business.",
    ),
    Term(Text("免責金額・自己負担額", "deductible"), "What the customer bears of each damage.", ("Deductible",)),
    Term(
        Text("特約", "endorsement, rider"),
        "Adds to or changes a cover.",
        ("CoverageKey.AUTO_RENEWAL_RIDER", "CoverageKey.LATE_RENEWAL_RIDER"),
    ),
    Term(Text("保険金額", "sum insured, limit"), "The most that is paid.", ("CoverageLimit",)),
    Term(Text("保険料", "premium"), "What the cover costs.", ("Premium",)),
    Term(Text("保険金", "claim payment"), "What is paid for a damage, up to the limit.", ("CoverageLimit.amount",)),
    Term(Text("試算・見積", "quote, trial calculation"), "What a plan would cost.", ("Plan", "PremiumDifference")),
    Term(
        Text("申込", "apply, application"),
        "The customer's binding wish; the insurer's acceptance makes it a contract.",
        ("Mutation.renewalSubmit", "Consequence.BINDING"),
    ),
    Term(
        Text("告知義務", "duty of disclosure"),
        "The customer must answer truthfully what the insurer asks before the contract.",
        ("ConsentKind.DECLARATION", "RenewabilityCode.DISCLOSURE_APPLIES"),
    ),
    Term(
        Text("通知義務", "duty of notification (mid-term change)"),
        "The customer must tell of changes during the term. Not in the schema: changes are the agency's business.",
    ),
    Term(
        Text("重要事項（等）説明書", "important-matters statement"),
        "What must be read before applying.",
        ("StepKind.IMPORTANT_MATTERS", "DocumentRequirement"),
    ),
    Term(
        Text("契約概要・注意喚起情報", "contract summary, key cautions"),
        "The two halves of the important-matters statement.",
        ("DocumentRequirement",),
    ),
    Term(
        Text("電磁的交付", "electronic delivery"),
        "Documents as files instead of paper, with the customer's leave.",
        ("ConsentKind.ELECTRONIC_DELIVERY",),
    ),
    Term(Text("約款", "policy wording"), "The terms of the contract in full.", ("Document",)),
    Term(
        Text("勧誘方針", "solicitation policy"),
        "How an agency says that it sells. Not in the schema: it stands on the agency's site.",
    ),
    Term(Text("意向", "customer's stated needs"), "What the customer wants, before plans are shown.", ("Intention",)),
    Term(
        Text("比較説明・推奨販売", "comparison and recommendation"),
        "Showing plans of several insurers by rules that are stated, and keeping a record of it.",
        ("Comparison", "Considered"),
    ),
    Term(
        Text("事故担当者", "claims handler"),
        "The insurer's person for one claim. Not in the schema, as claims are not.",
    ),
    Term(Text("ロードサービス", "road-side assistance"), "Help on the road.", ("CoverageKey.ROAD_ASSISTANCE",)),
    Term(
        Text("自賠責保険", "compulsory liability insurance"),
        "The insurance that every car must have by law. Out of scope: this schema is about voluntary insurance.",
    ),
)
