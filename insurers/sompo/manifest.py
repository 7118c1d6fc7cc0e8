"""Sompo Japan's card."""

from datetime import timedelta

from insurers.capability import Capability, CredentialPolicy, Level, Manifest, Portal, QuoteTerms
from insurers.contact import Contact
from insurers.hours import Hours, Service
from insurers.risk import DataCategory
from insurers.sompo import feed
from insurers.sompo.code import CODE
from insurers.sompo.desk import CONCURRENT_REQUESTS
from insurers.sompo.fields import NUMBER_SHAPE, PASSWORD_LONGEST, PASSWORD_SHORTEST
from insurers.sompo.mapping.sold import SOLD
from insurers.sompo.registration import METHODS
from insurers.text import Text

# 「24時間いつでも」. Maintenance and the turn of the year are in no source (D14); the leaflets
# except nothing from their word, so neither do we.
ALL_DAY = Hours(services=(Service(name="マイページ", source="SJ-HRS-01"),))

DONE = (
    Capability.REGISTRATION,
    Capability.CREDENTIAL_RESET,
    Capability.POLICY_READ,
    Capability.RENEWAL,
    Capability.REQUOTE,
    Capability.QUOTE,
    Capability.DOCUMENT_DOWNLOAD,
    Capability.AGENCY_FEED,
)

MANIFEST = Manifest(
    code=CODE,
    name=Text("損保ジャパン", "Sompo Japan"),
    portal=Portal(
        name=Text("損保ジャパンマイページ", "Sompo Japan My Page"),
        url="https://www.sompo-japan.co.jp/",
        idle_timeout_minutes=30,  # Invented (WIRE.md §4.3).
        # 「ブラウザおよび端末の「戻る」はご利用いただけません。」 (SJ-REG-03)
        resumable=False,
        one_time_password=True,
        credentials=CredentialPolicy(
            min_length=PASSWORD_SHORTEST,
            max_length=PASSWORD_LONGEST,
            character_classes=2,
            mixed_case=False,
            user_id_is_email=True,
            hint=Text(
                "半角英数字8～32文字（英字と数字を各1文字以上）。大文字と小文字を区別します。",
                "8 to 32 letters and digits, at least one of each. Capitals matter.",
            ),
        ),
        preparation=(
            # SJ-PRE-01.
            Text("更新のお手続きの所要時間の目安は約10分です。", "Renewing takes about ten minutes."),
            # SJ-REG-05: for some contracts, and not through us.
            Text(
                "クレジットカードの登録は、ご契約により損保ジャパンマイページでお手続きいただけます（本サービスでは取り扱っていません）。",
                "Credit cards are registered on My Page itself, for some contracts; not here.",
            ),
            Text("運転免許証（免許証の色、次回免許更新年月）", "Your driving licence (colour, month of next renewal)"),
            Text("最も若い運転者の生年月日", "The birth date of the youngest driver"),
        ),
    ),
    capabilities=dict.fromkeys(DONE, Level.NATIVE),
    hours=dict.fromkeys(DONE, ALL_DAY),
    registration_methods=METHODS,
    number_shape=NUMBER_SHAPE,
    # SJ-CNT-01. The agency of each contract is on the contract.
    contacts=(
        Contact(
            label=Text("AIチャット（公式ウェブサイト）", "AI chat (official web site)"),
            url="https://www.sompo-japan.co.jp/",
        ),
    ),
    renewal_word=Text("更新", "renewal"),
    # WIRE.md §6.1, invented.
    settles_within=timedelta(seconds=60),
    # A rehearsal asks one thing at a time, and of the places at the insurer (WIRE.md §1.4) half are for readers.
    # WIRE.md §13: anybody may ask, and no name is wanted.
    quoting=QuoteTerms(
        needs=frozenset(
            {DataCategory.TERM, DataCategory.VEHICLE, DataCategory.USE, DataCategory.DRIVERS, DataCategory.COVERAGES}
        ),
        uses=frozenset({DataCategory.LICENCE, DataCategory.GRADE, DataCategory.GROUP_SCHEME}),
        covers=frozenset(SOLD),
        with_account=False,
    ),
    # One question, asked again for about two seconds where its places are taken.
    quotes_within=timedelta(seconds=6),
    journeys_at_once=CONCURRENT_REQUESTS // 2,
    feed=feed.TERMS,
)
