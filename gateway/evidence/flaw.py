"""What is wrong with a bundle, in words for whoever was handed it."""

from collections.abc import Sequence

from insurers.text import Text


class Flaw(Exception):
    """The first thing that is wrong with a bundle. Nothing after it was looked at."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.sentence = Text(ja, en)


def unreadable() -> Flaw:
    return Flaw(
        "証跡ファイルとして読めません。ファイルが壊れているか、書き換えられています。",
        "It cannot be read as evidence: the file is damaged or was changed.",
    )


def other_version(format_: str, version: int) -> Flaw:
    return Flaw(
        "この版の tabane では確認できない形式です。書き出した版と同じかそれより新しい tabane で確認してください。",
        f"It is written as {format_!r}, version {version}, unknown to this program. Use the one that wrote it.",
    )


def _at(place: int, ja: str, en: str) -> Flaw:
    return Flaw(f"記録{place}: {ja}", f"Entry {place}: {en}")


def entry_unreadable(place: int) -> Flaw:
    return _at(
        place, "必要な項目がないか、書き換えられています。", "something that it must tell is missing or changed."
    )


def statement_altered(place: int) -> Flaw:
    return _at(
        place,
        "文言がそのハッシュと一致しません。文言が書き換えられています。",
        "its statement does not fit the hash of the statement; the words were changed.",
    )


def subject_altered(place: int) -> Flaw:
    return _at(
        place,
        "プランまたは申込内容がその指紋と一致しません。内容が書き換えられています。",
        "the plan or the application in it does not fit its fingerprint; what was agreed to was changed.",
    )


def entry_altered(place: int) -> Flaw:
    return _at(
        place, "内容がハッシュと一致しません。書き換えられています。", "it does not fit its hash; it was changed."
    )


def elsewhere(place: int) -> Flaw:
    return _at(place, "別の手続きの記録です。", "it belongs to another renewal or comparison.")


def out_of_order(place: int) -> Flaw:
    return _at(
        place,
        "直前の記録とつながりません。記録が抜き取られたか、並べ替えられたか、書き加えられています。",
        "it does not follow the one before it; entries were taken out, moved or added.",
    )


def cut_short() -> Flaw:
    return Flaw(
        "最後の記録が head と一致しません。末尾の記録が抜き取られているか、書き加えられています。",
        "The last entry is not the one that `head` names; entries were taken off the end, or added to it.",
    )


def not_the_customers(place: int) -> Flaw:
    return _at(
        place,
        "契約者ご本人だけができる確認ですが、ご本人が行っていません。",
        "only the customer may confirm this, and somebody else did.",
    )


def somebody_elses(place: int) -> Flaw:
    return _at(
        place,
        "このファイルの契約者による記録でも、契約者のための記録でもありません。",
        "it was left neither by the customer whom the file names, nor for that customer.",
    )


def other_contract(place: int) -> Flaw:
    return _at(
        place,
        "このファイルの保険会社・証券番号とは別の契約についての記録です。",
        "it is about another contract than the insurer and the policy that the file names.",
    )


def other_agency(place: int) -> Flaw:
    return _at(
        place,
        "このファイルの代理店・範囲とは別の同意についての記録です。",
        "it is about another agency, or goes further or less far, than the consent that the file names.",
    )


def other_price(place: int) -> Flaw:
    return _at(
        place,
        "同じ申込みについての前の記録と、プランまたは保険料が違います。",
        "it tells another plan or premium of the same application than an entry before it.",
    )


def impossible(place: int) -> Flaw:
    return _at(
        place,
        "直前までの記録からは起こりえない出来事です。途中の記録が抜き取られています。",
        "it cannot have happened after what stands before it; something in between was taken out.",
    )


def not_confirmed(place: int, requirement: str) -> Flaw:
    return _at(
        place,
        f"送信に必要な確認 {requirement!r} が、この内容については、これより前の記録にありません。",
        f"{requirement!r} had to be confirmed for it, and nobody had confirmed it as it stood.",
    )


def no_leave(place: int) -> Flaw:
    return _at(
        place,
        "受付開始を待って送信することへの同意が、これより前の記録にありません。",
        "nobody had given leave to send this application later.",
    )


def never_sent(place: int) -> Flaw:
    return _at(
        place,
        "この申込みを送信した記録が、これより前にありません。",
        "no entry before it tells that this application was sent.",
    )


def not_agreed(place: int) -> Flaw:
    return _at(
        place,
        "この申込内容への同意が、これより前の記録にありません。",
        "nobody had agreed to the application that was sent.",
    )


def not_compared(place: int) -> Flaw:
    return _at(
        place,
        "比較の対象になっていない契約または保険会社についての記録です。",
        "it is about a contract or an insurer that is not in this comparison.",
    )


def told_without_leave(place: int, insurer: str) -> Flaw:
    return _at(
        place,
        f"契約の内容が {insurer} に伝えられましたが、伝えることへの同意が、これより前の記録にありません。",
        f"{insurer} was told of another insurer's contract, and nobody had agreed that it be told.",
    )


def told_too_much(place: int, insurer: str, categories: Sequence[str]) -> Flaw:
    named = ", ".join(categories)
    return _at(
        place,
        f"{insurer} に、同意された範囲を超える内容が伝えられました: {named}",
        f"{insurer} was told more of the contract than had been agreed to: {named}.",
    )


def never_asked(place: int) -> Flaw:
    return _at(
        place,
        "この保険会社に依頼した記録が、これより前にありません。",
        "no entry before it tells that this insurer was asked.",
    )


def never_quoted(place: int) -> Flaw:
    return _at(
        place,
        "保険会社が回答した最新の見積りにないプランが選ばれています。",
        "the plan that was chosen is not among those that the insurer had quoted last.",
    )


def not_acknowledged(place: int) -> Flaw:
    return _at(
        place,
        "補償がなくなる・狭くなるプランが選ばれましたが、その確認が、これより前の記録にありません。",
        "the plan that was chosen loses or narrows covers, and nobody had acknowledged which.",
    )


def other_comparison() -> Flaw:
    return Flaw(
        "比較の概要（契約・保険会社の状況・意向・検討したプラン・選んだプラン）が、記録の内容と一致しません。",
        "What the file says of the comparison (policies, insurers, intention, plans considered, choice) is not what its"
        " entries tell.",
    )


def other_result() -> Flaw:
    return Flaw(
        "手続きの概要（状態・保険料・申込内容・更新後の証券番号）が、記録の内容と一致しません。",
        "What the file says of the renewal (state, premium, application, successor) is not what its entries tell.",
    )


def seal_broken() -> Flaw:
    return Flaw(
        "署名が内容と一致しません。記録の外側（概要・書類・署名など）が書き換えられているか、記録全体が作り直されています。",
        "The signature does not fit: something beside the entries was changed, or all of them were made anew.",
    )


def other_key(found: str, expected: str) -> Flaw:
    return Flaw(
        f"別の鍵で署名されています。このファイルの鍵の指紋は {found}、期待した指紋は {expected} です。",
        f"It was sealed with another key: its fingerprint is {found}, and {expected} was expected.",
    )


def other_document(name: str) -> Flaw:
    return Flaw(
        f"{name}: この書類への確認は記録されていません。内容が1文字でも違えば、別の書類です。",
        f"{name}: nobody confirmed this document here. One that differs in a single byte is another.",
    )
