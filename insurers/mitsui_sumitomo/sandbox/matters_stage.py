"""Stage 2: ①–④ and the important matters (WIRE.md §6.9–6.11)."""

from aiohttp import web

from . import papers, texts
from .bodies import Asked, answer, read
from .contracts import Contract, Quirk
from .entrance import inside
from .house import House
from .papers import Paper
from .problems import Refusal
from .visit import Stage, Visit

routes = web.RouteTableDef()


@routes.get("/eg1/juyo-jiko")
async def show(request: web.Request) -> web.Response:
    """§6.9. It can be read before a plan is decided. Nothing is ticked beforehand."""
    house, _, contract = inside(request, Stage.PLAN, Stage.JUYO_JIKO)
    return answer(
        {
            "komoku": [
                {
                    "no": number,
                    "code": matter.code,
                    "midashi": matter.heading,
                    "honbun": matter.text,
                    "kaito": [
                        {"code": code, "meisho": label, "shokai": code == matter.refers}
                        for code, label in matter.answers.items()
                    ],
                }
                for number, matter in texts.MATTERS.items()
            ],
            "shorui": with_tick(house.book.matters(contract.shoken_no)),
        }
    )


@routes.get("/eg1/shorui/{shorui_id}")
async def open_paper(request: web.Request) -> web.Response:
    """§6.10."""
    house, visit, contract = inside(request, *Stage)
    if request.match_info["shorui_id"] != papers.MATTERS_ID:
        raise Refusal("document-unknown")
    paper = house.book.matters(contract.shoken_no)
    visit.opened_papers.add(paper.version)
    return web.Response(body=paper.content, content_type="application/pdf", headers={"ETag": f'"{paper.sha256}"'})


class Answer(Asked, frozen=True):
    no: int
    kaito: str


class KeptPaper(Asked, frozen=True):
    shorui_id: str
    hansu: str
    sha256: str
    kakunin_hokan: bool


class Answers(Asked, frozen=True):
    kaito: list[Answer]
    shorui: KeptPaper


@routes.post("/eg1/juyo-jiko")
async def confirm(request: web.Request) -> web.Response:
    """§6.11 (MS-REN-08…10)."""
    asked = await read(request, Answers)
    house, visit, contract = inside(request, Stage.JUYO_JIKO)
    given = {one.no: one.kaito for one in asked.kaito}
    _refuse_unanswered(given)
    if not asked.shorui.kakunin_hokan:
        raise Refusal("confirmation-missing")
    paper = house.book.matters(contract.shoken_no)
    if not same_paper(paper, asked.shorui.shorui_id, asked.shorui.hansu, asked.shorui.sha256):
        raise Refusal("document-changed", shorui=with_tick(paper))
    if paper.version not in visit.opened_papers:
        raise Refusal("document-not-opened")
    _refer(house, visit, contract, given)
    visit.confirmed_paper, visit.stage = paper.version, Stage.SAISHU_KAKUNIN
    return answer({"dankai": visit.stage})


def same_paper(paper: Paper, paper_id: str, version: str, sha256: str) -> bool:
    return (paper.paper_id, paper.version, paper.sha256) == (paper_id, version, sha256)


def with_tick(paper: Paper) -> dict[str, object]:
    return {**paper.listed(), "kakuninBun": texts.KEPT}


def send_to_agency(house: House, visit: Visit, why: str) -> Refusal:
    """End the visit; only the agency can go on."""
    house.eg1.dismiss(lambda other: other is visit)
    return Refusal("referred-to-agency", riyu=why, toriatsukaiDairiten=house.agency())


def _refuse_unanswered(given: dict[int, str]) -> None:
    missing = [number for number in texts.MATTERS if number not in given]
    if missing:
        raise Refusal("unanswered", no=missing)
    for number, code in given.items():
        if number not in texts.MATTERS or code not in texts.MATTERS[number].answers:
            raise Refusal("choice-unknown", komoku=str(number))


def _refer(house: House, visit: Visit, contract: Contract, given: dict[int, str]) -> None:
    """MS-REN-09: by the answer, or by what the insurer knows."""
    for number, matter in texts.MATTERS.items():
        known = matter.refers is not None and Quirk(matter.code) in contract.quirks
        if given[number] == matter.refers or known:
            raise send_to_agency(house, visit, matter.code)
