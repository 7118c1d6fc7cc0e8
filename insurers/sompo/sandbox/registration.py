"""会員登録: from the rules to the first session (WIRE.md §3)."""

from aiohttp import web

from insurers.sandbox import origin
from insurers.sompo.sandbox import forms, holders, mails, office, papers
from insurers.sompo.sandbox.dates import era_day, stamp
from insurers.sompo.sandbox.forms import Form
from insurers.sompo.sandbox.lines import Line
from insurers.sompo.sandbox.members import Member
from insurers.sompo.sandbox.notices import NO_NUMBER
from insurers.sompo.sandbox.office import Office
from insurers.sompo.sandbox.pages import PASSWORD_SHAPE, link_page
from insurers.sompo.sandbox.persons import Person
from insurers.sompo.sandbox.receptions import Applicant
from insurers.sompo.sandbox.replies import Refusal, reply

routes = web.RouteTableDef()

MAIL_SHAPE = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"

UNCHANGED = "ご登録いただいた情報は、当社営業店・代理店からの郵送物の送付先や、ご契約内容等には反映されません。"
NOT_YET = "本登録は完了していませんのでご注意ください。"


@routes.post("/touroku/kiyaku")
async def show_rules(request: web.Request) -> web.Response:
    """§3.1 会員規定."""
    await forms.read(request)
    paper = papers.BY_KIND[papers.TERMS]
    return reply(
        request,
        KIYAKU_BAN=paper.edition,
        SYORUI_NO=paper.number,
        SYORUI_MEI=paper.title,
        SHA256=paper.sha256,
        DOUI_BUN="会員規定について確認しました。",
        BOTAN_BUN="会員規定に同意して登録する",
    )


@routes.post("/touroku/doui")
async def agree(request: web.Request) -> web.Response:
    """§3.2 会員規定同意."""
    line, _ = await forms.read(request)
    with Form(line) as form:
        edition = form.text("KIYAKU_BAN", 10)
        agreed = form.flag("DOUI")
    if not agreed or edition != papers.TERMS_EDITION:
        raise Refusal("14")
    reception = office.of(request).receptions.begin()
    return reply(request, UKETUKE_NO=reception.number, KIGEN=stamp(reception.dies_at))


@routes.post("/touroku/nyuryoku")
async def enter(request: web.Request) -> web.Response:
    """§3.3 お客さま情報入力."""
    line, records = await forms.read(request)
    reception = office.of(request).receptions.find(line.get("UKETUKE_NO", ""))
    numbers = forms.policy_numbers(records)
    applicant = _applicant(line, numbers)
    holders.require_few(numbers)
    reception.applicant = applicant
    person = applicant.person
    return reply(
        request,
        [{"REC": "KEIYAKU", "SYOKEN_NO": number} for number in numbers],
        UKETUKE_NO=reception.number,
        MAIL=applicant.mail,
        SEI=person.family,
        MEI=person.given,
        SEINEN_YMD=era_day(person.born) if person.born else "",
        YUBIN_NO=person.postal_code,
        JYUSYO=person.address,
        TEL_NO=person.phone,
        MANKI_MAIL=int(applicant.wants_maturity_mail),
        TYUUI_BUN=UNCHANGED + (NO_NUMBER if applicant.wants_maturity_mail and not numbers else ""),
    )


@routes.post("/touroku/kakutei")
async def confirm(request: web.Request) -> web.Response:
    """§3.4 入力内容確認, then 仮登録受付."""
    line, _ = await forms.read(request)
    here = office.of(request)
    reception = here.receptions.find(line.get("UKETUKE_NO", ""))
    applicant = reception.applicant
    if applicant is None:
        raise Refusal("13")
    try:
        holders.require_the_holder(here, applicant.person, applicant.contracts)
    except Refusal as refusal:
        if refusal.code == "22":
            raise here.receptions.mismatched(reception) from refusal
        raise
    taken = here.members.knows(applicant.mail)
    if taken and applicant.contracts:
        raise Refusal("20")
    key, link = here.receptions.finish(reception, applicant)
    if taken:
        await mails.already_registered(here.world, applicant.mail)
    else:
        await mails.confirm_registration(here.world, applicant.mail, applicant.person, _address(request, key))
    return reply(request, MAIL=applicant.mail, KIGEN=stamp(link.dies_at), ANNAI_BUN=NOT_YET)


@routes.get("/touroku/honnin")
async def show_link(request: web.Request) -> web.Response:
    """§3.6 The page behind the mailed link, which consumes nothing."""
    return link_page("会員登録のご確認", _address(request, request.query.get("KAGI", "")))


@routes.post("/touroku/hontouroku")
async def complete(request: web.Request) -> web.Response:
    """§3.7 本登録."""
    line, _ = await forms.read(request)
    with Form(line) as form:
        key = form.text("KAGI", 32)
        password = form.text("PASSWORD", 32)
        trusts = form.flag("SINRAI_TANMATU")
    here = office.of(request)
    link = here.receptions.link(key)
    applicant = link.applicant
    if password != applicant.password:
        link.attempts_left -= 1
        raise Refusal("33", NOKORI=link.attempts_left) if link.attempts_left else Refusal("34")
    if here.members.knows(applicant.mail):
        raise Refusal("20")
    link.used = True
    member = _enrol(here, applicant)
    device = here.members.devices.trust(member) if trusts else ""
    session = here.members.open_session(member)
    await mails.registered(here.world, member.mail, member.person)
    return reply(
        request,
        KAIIN_NO=member.number,
        KAIIN_TOKEN=session.token,
        TANMATU_KAGI=device,
        KENSUU=len(member.contracts),
    )


def _applicant(line: Line, numbers: list[str]) -> Applicant:
    with Form(line) as form:
        applicant = Applicant(
            mail=form.text("MAIL", 100, MAIL_SHAPE),
            password=form.text("PASSWORD", 32, PASSWORD_SHAPE),
            person=Person(
                family=form.text("SEI", 20),
                given=form.text("MEI", 20),
                born=form.era_day("SEINEN_YMD"),
                postal_code=form.text("YUBIN_NO", 7, r"[0-9]{7}"),
                address=form.text("JYUSYO", 100),
                phone=form.text("TEL_NO", 20),
            ),
            contracts=tuple(numbers),
            wants_maturity_mail=form.flag("MANKI_MAIL"),
        )
        holders.require_numbers(form, numbers)
    return applicant


def _enrol(here: Office, applicant: Applicant) -> Member:
    member = Member(
        number=here.draws.member_number(),
        mail=applicant.mail,
        password=applicant.password,
        person=applicant.person,
        contracts=list(applicant.contracts),
        wants_maturity_mail=applicant.wants_maturity_mail,
    )
    here.members.enrol(member)
    return member


def _address(request: web.Request, key: str) -> str:
    return f"{origin(request)}/touroku/honnin?KAGI={key}"
