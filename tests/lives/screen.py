"""What a customer is shown: the renewal through GraphQL, as any client has it."""

import schema
from gateway.application import Desks
from insurers.identity import InsurerCode
from schema.context import Context
from schema.node import NodeIds
from schema.ports import Asker
from tests.lives.chronicle import Chronicle
from tests.lives.promises import Promises

QUERY = """query Shown($id: ID!) { renewal(id: $id) {
  status version willSubmitAt result { newPolicyNumber } nextActions { kind } } }"""

_schema = schema.build()


class Screen:
    def __init__(self, promises: Promises, chronicle: Chronicle, ids: NodeIds) -> None:
        self._promises = promises
        self._chronicle = chronicle
        self._ids = ids

    async def show(self, desks: Desks, asker: Asker, renewal: str) -> None:
        """Draw the page, and hold what it says against what is so."""
        context = Context(host=desks, ids=self._ids, asker=asker)
        drawn = await _schema.execute(QUERY, {"id": self._ids.seal("Renewal", renewal)}, context_value=context)
        hold = self._promises.hold
        hold("a page can be drawn", drawn.errors is None and drawn.data is not None, drawn.errors)
        shown = drawn.data["renewal"] if drawn.data else None
        stored = self._promises.renewals[renewal]
        if shown is None:
            self._promises.missing(renewal)
            return
        status, result = shown["status"], shown["result"]
        self._chronicle.note(asker.customer, "sees", status)
        taken = self._promises.taken.get((InsurerCode(stored.ref.insurer), str(stored.ref.number)))
        hold("nobody sees ACCEPTED before the insurer has accepted", status != "ACCEPTED" or bool(taken), renewal)
        number = result["newPolicyNumber"] if result else None
        hold(
            "the number that is shown is the insurer's",
            not number or (taken is not None and taken.successor == number),
            number,
        )
        hold("ACCEPTED comes with its number", (status == "ACCEPTED") == bool(result), status, result)
        hold("who is queued sees until when", status != "QUEUED" or shown["willSubmitAt"] is not None, renewal)
        over = status in ("ACCEPTED", "WITHDRAWN", "LAPSED")
        hold("who waits sees what may be done", over or bool(shown["nextActions"]), status)
