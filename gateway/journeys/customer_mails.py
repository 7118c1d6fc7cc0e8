"""Mails to customers: what stands in them, Japanese first and English after it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from gateway.post import Mail
from insurers.agency import Agency, ConsentScope
from insurers.agency_request import AgencyRequest, RequestKind
from insurers.book import Entry
from insurers.contact import Contact
from insurers.hours import TOKYO
from insurers.mail import read_mail
from insurers.person import PersonName
from insurers.reminder import Unsent
from insurers.text import Language, Text
from insurers.unreadable import Unreadable

DAYS = "月火水木金土日"

# Stands between the two languages, so that nobody takes the second for another mail.
LINE = "-" * 60

_DISCLAIMER = Text(
    "このメールへの返信は、どなたにも届きません。パスワードや確認コードを、メールや電話でお尋ねすることはありません。",
    "Nobody reads replies to this mail. You will never be asked for a password or a passcode by mail or telephone.",
)

# No premium stands in a reminder: what an insurer reckons for the next term is no offer (P-6).
_MATURITY = Text(
    "満期を過ぎますと、補償がなくなります。満期日の翌日から7日を過ぎますと、等級を引き継げないことがあります。"
    "保険料は、お手続きの画面で保険会社が示すものをご確認ください。",
    "After that day you are not covered, and seven days later your no-claims grade may be lost. The premium is what"
    " the insurer shows you when you renew.",
)
_RENEW = Text("お手続きはこちらから進められます：", "Go on here:")
_BY_ITSELF = Text(
    "このご契約には、自動で更新される特約が付いています。変更や中止をご希望の場合は、下記までご連絡ください：",
    "A rider renews this policy by itself. If you want to change it or to end it, tell us; your contracts are here:",
)

_WANTED: Mapping[RequestKind, tuple[Text, Text]] = {
    RequestKind.CONSENT: (
        Text("ご同意のお願い", "Your consent is asked for"),
        Text(
            "更新のお手続きを当代理店でご準備するため、ご契約内容の確認と更新手続きの準備へのご同意をお願いいたします。"
            "次のページにサインインし、保険会社のアカウントを連携していただくと、内容をご確認のうえ同意するかどうかを"
            "お選びいただけます。同意は、いつでも取り消せます。",
            "To prepare the renewal for you, we ask for your consent to read your policies and to prepare it. Sign in"
            " on the page below and link your account at the insurer; there you see what is asked, and say yes or no."
            " You may take your consent back at any time.",
        ),
    ),
    RequestKind.LINK: (
        Text("アカウント連携のお願い", "Please link your account"),
        Text(
            "更新のお手続きをご準備するため、保険会社のアカウントの連携、またはもう一度のログインをお願いいたします。"
            "ログインは、ご本人だけが行えます。",
            "To go on with the renewal, please link your account at the insurer, or sign in there once more. Only you"
            " can do that.",
        ),
    ),
    RequestKind.CONFIRM: (
        Text("更新内容のご確認のお願い", "Please confirm your renewal"),
        Text(
            "更新のお手続きの準備ができました。次の確認は、ご本人だけが行えます。内容をご覧のうえ、ご確認をお願いいたします。",
            "The renewal is prepared. What comes next only you can confirm: please look at it, and give or refuse your"
            " confirmation.",
        ),
    ),
}

_SUBMISSION = (
    Text("申込みの送信へのご同意のお願い", "Your consent to send your application is asked for"),
    Text(
        "更新のお手続きの準備ができました。お申込みを当代理店からお送りするため、ご契約内容の確認、更新手続きの準備、"
        "申込みの送信へのご同意をお願いいたします。次のページにサインインしていただくと、内容をご確認のうえ"
        "同意するかどうかをお選びいただけます。ご自身でお申し込みになることもできます。同意は、いつでも取り消せます。",
        "Your renewal is ready. To send the application for you, we ask for your consent to read your policies, to"
        " prepare your renewal and to send it. Sign in on the page below; there you see what is asked, and say yes or"
        " no. You may as well send it yourself. You may take your consent back at any time.",
    ),
)


def whereto(entry: Entry) -> tuple[str | None, Unsent | None]:
    """Answer where the feed says that the customer gets mail, or why no mail can be sent there."""
    given = entry.record.email
    if given is None or not given.strip():
        return None, Unsent.NO_ADDRESS
    try:
        return read_mail(given), None
    except (ValueError, Unreadable):
        return None, Unsent.BAD_ADDRESS


def reminder(
    entry: Entry, agency: Agency, insurer: Text, *, to: str, link: str, words: str | None, now: datetime
) -> Mail:
    """Tell the customer that the term ends, and what to do."""
    ends = entry.record.ends_at.astimezone(TOKYO)
    left = (ends.date() - now.astimezone(TOKYO).date()).days
    title = Text(
        f"【{agency.name}】自動車保険の満期のご案内（{ends.month}月{ends.day}日）",
        f"Your car insurance ends on {ends:%Y-%m-%d}",
    )
    opening = Text(
        f"いつもお世話になっております。{agency.name}です。\nご契約の自動車保険が、まもなく満期を迎えます。",
        f"This is {agency.name}. Your car insurance is about to end.",
    )
    facts = [
        Text(f"保険会社：{insurer.ja}", f"Insurer: {insurer.en}"),
        *_car(entry),
        Text(
            f"満期：{ends.year}年{ends.month}月{ends.day}日（{DAYS[ends.weekday()]}）{ends.hour}時（あと{left}日）",
            f"Ends: {ends:%Y-%m-%d %H:%M} in Tokyo ({left} {'day' if left == 1 else 'days'} left)",
        ),
    ]
    way = _BY_ITSELF if entry.record.auto_renewal else _RENEW
    parts = [
        opening,
        *([Text(words, words)] if words else []),
        _lines(facts),
        _MATURITY,
        _lines([way, Text(link, link)]),
    ]
    return _mail(to, title, entry.record.holder, parts, agency)


def request(wanted: AgencyRequest, holder: PersonName, agency: Agency, insurer: Text, *, to: str, link: str) -> Mail:
    """Tell the customer what the agency wants of them, and where to give it. No contract is told of but its insurer."""
    subject, words = _SUBMISSION if ConsentScope.SUBMIT_RENEWAL in wanted.scopes else _WANTED[wanted.kind]
    title = Text(f"【{agency.name}】{subject.ja}（{insurer.ja}）", f"{subject.en} ({insurer.en})")
    opening = Text(
        f"いつもお世話になっております。{agency.name}の{wanted.agent_name}です。",
        f"This is {wanted.agent_name} of {agency.name}.",
    )
    facts = Text(f"保険会社：{insurer.ja}", f"Insurer: {insurer.en}")
    return _mail(to, title, holder, [opening, facts, words, Text(link, link)], agency)


def _mail(to: str, title: Text, holder: PersonName, parts: Sequence[Text], agency: Agency) -> Mail:
    name = f"{holder.family} {holder.given}".strip()
    whole = [Text(f"{name} 様", f"Dear {name},"), *parts, _DISCLAIMER, _lines(list(_desk(agency)))]
    halves = ["\n\n".join(part.to(language) for part in whole) for language in Language]
    return Mail(to=to, subject=f"{title.ja} / {title.en}", text=f"\n\n{LINE}\n\n".join(halves) + "\n")


def _lines(texts: Sequence[Text]) -> Text:
    return Text("\n".join(text.ja for text in texts), "\n".join(text.en for text in texts))


def _car(entry: Entry) -> Iterator[Text]:
    car = entry.record.vehicle or entry.record.plate
    if car:
        yield Text(f"お車：{car}", f"Car: {car}")


def _desk(agency: Agency) -> Iterator[Text]:
    yield Text(agency.name, agency.name)
    contact: Contact = agency.contact
    if contact.phone:
        yield Text(f"電話：{contact.phone}", f"Telephone: {contact.phone}")
    if contact.hours:
        yield Text(f"受付時間：{contact.hours}", f"Hours: {contact.hours}")
    if contact.url:
        yield Text(contact.url, contact.url)
