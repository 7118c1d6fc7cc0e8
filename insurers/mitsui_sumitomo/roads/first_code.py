"""A code on the certificate or a postcard, on the web or in the app (WIRE.md §3.8, §3.9)."""

from insurers.account import Asks
from insurers.adapter import Applicant
from insurers.mitsui_sumitomo import entries, forms
from insurers.mitsui_sumitomo.roads.credentials import Credentials
from insurers.mitsui_sumitomo.roads.entrance import Entrance, require
from insurers.mitsui_sumitomo.wire import portal


class FirstCode:
    """The roads on which a code alone says who somebody is."""

    def __init__(self, entrance: Entrance, credentials: Credentials) -> None:
        self._line = entrance.line
        self._credentials = credentials

    async def by_first_id(self, applicant: Applicant) -> Asks:
        return await self._enter("/portal/toroku/kantan", applicant, entries.kantan(applicant.values))

    async def by_app(self, applicant: Applicant) -> Asks:
        return await self._enter("/portal/app/tetsuzuki-code", applicant, entries.tetsuzuki_code(applicant.values))

    async def _enter(self, path: str, applicant: Applicant, body: bytes) -> Asks:
        require(applicant.values, forms.TERMS)
        # A wrong code costs one of five attempts, so nobody but the customer repeats it.
        heard = await self._line.ask("POST", path, body=body, writes=True)
        heard.read(portal.Tejun)
        return self._credentials.asked(heard.cookie(portal.COOKIE))
