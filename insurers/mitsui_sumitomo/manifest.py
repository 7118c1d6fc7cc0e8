"""Mitsui Sumitomo's card: what it does through us, when, and how it wants to be spoken to."""

from datetime import timedelta

from insurers.capability import Capability, CredentialPolicy, Level, Manifest, NumberShape, Portal, QuoteTerms
from insurers.contact import Contact
from insurers.hours import DailyHours, Hours, Service, WeeklyGap, YearlyPeriod
from insurers.mitsui_sumitomo import feed, forms, ways
from insurers.mitsui_sumitomo.departures import COVER_OF
from insurers.mitsui_sumitomo.mapping import CODE
from insurers.risk import DataCategory
from insurers.text import Text

# One process keeps this many connections; orders leave some to those who only look.
CONNECTIONS = 8
AGENCY_CONNECTIONS = 2
JOURNEYS_AT_ONCE = CONNECTIONS - 2

# E-G1 decides within this time; until then, to know of no application proves nothing (WIRE.md §7.2).
DECISION = timedelta(seconds=60)

MONDAY = 0
HOUR = 60

PORTAL = Service(
    name="ご契約者さま専用ページ",
    gaps=(WeeklyGap(weekday=MONDAY, starts=2 * HOUR, ends=4 * HOUR),),
    source="MS-HRS-03, MS-HRS-04",
)
EG1 = Service(
    name="e-G1",
    daily=DailyHours(opens=7 * HOUR, closes=26 * HOUR + 30),
    # It pauses at the turn of the year, and no leaflet says from when to when (D14).
    unstated=(YearlyPeriod(first=(12, 29), last=(1, 3)),),
    source="MS-HRS-01, MS-HRS-02",
)
# The day's file lies ready from 06:00 on, and until then that of the day before (WIRE.md §17.1).
AGENCIES_DOOR = Service(name="代理店データ配信", source="WIRE.md §17.1")

AT_THE_PORTAL = Hours(services=(PORTAL,))
# E-G1 is entered through the portal and stands on it, so both must be open (D1).
IN_EG1 = Hours(services=(PORTAL, EG1))
AT_THE_AGENCIES_DOOR = Hours(services=(AGENCIES_DOOR,))

MANIFEST = Manifest(
    code=CODE,
    name=Text("三井住友海上火災保険株式会社", "Mitsui Sumitomo Insurance"),
    portal=Portal(
        name=Text("ご契約者さま専用ページ", "Policyholders' page"),
        url="https://opk.ms-ins.com/opkmsuser/AA9Y91.xhtml",
        idle_timeout_minutes=60,
        resumable=False,
        one_time_password=False,
        credentials=CredentialPolicy(
            min_length=6,
            max_length=None,
            character_classes=2,
            mixed_case=True,
            # Or a mobile number (MS-LOG-03).
            user_id_is_email=False,
            hint=forms.PASSWORD_HINT,
        ),
        preparation=(
            Text(
                "ご契約のお車を主に使用される方の運転免許証をご準備ください。",
                "Have the driving licence of the car's main driver at hand.",
            ),
            # MS-ENV-01, for what is opened at the insurer itself: the film, its pages.
            Text(
                "三井住友海上の画面の推奨環境: iPhone・iPad（iOS 16・17、Safari）、Android 13・14（Chrome）、"
                "Windows 10・11（Chrome、Edge）",
                "The insurer's own pages are made for iPhone and iPad (iOS 16 and 17, Safari), Android 13 and 14 "
                "(Chrome) and Windows 10 and 11 (Chrome, Edge).",
            ),
        ),
    ),
    capabilities={
        Capability.REGISTRATION: Level.NATIVE,
        Capability.CREDENTIAL_RESET: Level.NATIVE,
        Capability.POLICY_READ: Level.NATIVE,
        Capability.RENEWAL: Level.NATIVE,
        Capability.REQUOTE: Level.NATIVE,
        Capability.QUOTE: Level.NATIVE,
        Capability.DOCUMENT_DOWNLOAD: Level.NATIVE,
        Capability.PLAN_VIDEO: Level.NATIVE,
        Capability.AGENCY_FEED: Level.NATIVE,
    },
    hours={
        Capability.REGISTRATION: AT_THE_PORTAL,
        Capability.CREDENTIAL_RESET: AT_THE_PORTAL,
        Capability.POLICY_READ: AT_THE_PORTAL,
        Capability.RENEWAL: IN_EG1,
        Capability.REQUOTE: IN_EG1,
        Capability.QUOTE: IN_EG1,
        # The portal gives out certificates, and e-G1 what a renewal confirms; at these hours both are to be had.
        Capability.DOCUMENT_DOWNLOAD: IN_EG1,
        Capability.PLAN_VIDEO: IN_EG1,
        Capability.AGENCY_FEED: AT_THE_AGENCIES_DOOR,
    },
    registration_methods=ways.WAYS,
    number_shape=NumberShape(
        pattern=r"[0-9]{10}",
        words=Text("半角数字10桁です。", "Ten digits."),
        example="0123456789",
    ),
    contacts=(
        Contact(
            label=Text("三井住友海上 インターネットデスク", "Mitsui Sumitomo internet desk"),
            phone="0120-168-321",
            # The screens say 17:30 and the mail says 17:00; the shorter is safe to promise (D9).
            hours="平日 9:00～17:00（土日、祝日、年末年始を除く）",
        ),
    ),
    renewal_word=Text("継続", "renewal"),
    settles_within=DECISION,
    journeys_at_once=JOURNEYS_AT_ONCE,
    feed=feed.TERMS,
    # Without the rest it quotes its usual covers, a blue licence and no group (WIRE.md §16.1).
    quoting=QuoteTerms(
        needs=frozenset(
            {DataCategory.TERM, DataCategory.VEHICLE, DataCategory.USE, DataCategory.DRIVERS, DataCategory.GRADE}
        ),
        uses=frozenset({DataCategory.LICENCE, DataCategory.COVERAGES, DataCategory.GROUP_SCHEME}),
        covers=frozenset(COVER_OF.values()),
        with_account=True,
    ),
)
