"""Fetching a document of a contract or of its renewal (WIRE.md §7)."""

import hashlib

from insurers.adapter import File
from insurers.document import Document
from insurers.errors import Rejected
from insurers.identity import PolicyNumber
from insurers.sompo import script
from insurers.sompo.desk import PDF, Desk
from insurers.sompo.mapping import policy
from insurers.sompo.wire import contracts, procedure, says


async def fetched(desk: Desk, token: str, number: PolicyNumber, document_id: str) -> File:
    """The bytes come without a title, so the insurer's lists are asked for it."""
    reply = await desk.fetch(says.document(token, document_id))
    sha256 = hashlib.sha256(reply.body).hexdigest()
    titles = await _of_contract(desk, token, number)
    if document_id not in titles:
        titles |= await _of_renewal(desk, token, number)
    title = titles.get(document_id, document_id)
    return File(document=Document(id=document_id, title=title, sha256=sha256, media_type=PDF), content=reply.body)


async def _of_contract(desk: Desk, token: str, number: PolicyNumber) -> dict[str, str]:
    found = await desk.ask(says.contracts(token, [str(number)]), contracts.contracts)
    documents = [policy.document(paper) for contract in found for paper in contract.syorui]
    return {document.id: document.title for document in documents}


async def _of_renewal(desk: Desk, token: str, number: PolicyNumber) -> dict[str, str]:
    try:
        course = await desk.ask(says.steps(token, str(number)), procedure.course)
    except Rejected:
        # There is no renewal now. A document of an earlier one may still be read, and goes by its number.
        return {}
    documents = [script.document(paper) for stage in course.stages for paper in stage.syorui]
    return {document.id: document.title for document in documents}
