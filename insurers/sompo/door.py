"""Signing in, and what is kept of it (SJ-LOG-02, SJ-REG-17)."""

import unicodedata

from insurers.account import Access, Active, Answer, Asks, Credentials, masked
from insurers.answers import YES
from insurers.errors import Expired
from insurers.sompo.access import Keys, opened, sealed
from insurers.sompo.desk import Desk, head
from insurers.sompo.fields import Key
from insurers.sompo.passcode import SENT, passcode_sent, typed_passcode
from insurers.sompo.sessions import Sessions
from insurers.sompo.waiting import Coded
from insurers.sompo.wire import lines, says
from insurers.sompo.wire.members import Otp, OtpNinsyo


class Door:
    def __init__(self, desk: Desk, sessions: Sessions) -> None:
        self._desk = desk
        self._sessions = sessions

    async def sign_in(self, credentials: Credentials, device: Access | None) -> Asks | Active:
        key = opened(device).device if device else ""
        # Addresses at Sompo are half-width (WIRE.md §3.3); keyboards are not always.
        mail = unicodedata.normalize("NFKC", credentials.user_id).strip()

        def heard(answer: lines.Answer) -> Asks | OtpNinsyo:
            answer.only()
            if answer.kekka_cd == SENT:
                return Asks(passcode_sent(answer.head(Otp), hint=masked(mail)))
            return answer.head(OtpNinsyo)

        # Said twice, a wrong password would be counted twice, and a second passcode would kill the first.
        request = says.login(mail, credentials.password, key)
        signed_in = await self._desk.ask(request, heard, once=True, also=frozenset({SENT}))
        if isinstance(signed_in, Asks):
            return signed_in
        return self.admitted(masked(mail), signed_in.kaiin_token, signed_in.tanmatu_kagi or key)

    async def passcode(self, coded: Coded, answer: Answer) -> Active:
        request = says.passcode(coded.number, typed_passcode(answer), trusted=answer.trust_device)
        try:
            signed_in = await self._desk.ask(request, head(OtpNinsyo), writes=True)
        except Expired:
            self._sessions.unasked(coded.device)
            raise
        self._sessions.unasked(coded.device)
        if signed_in.tanmatu_kagi or not coded.device:
            return self.admitted(coded.hint, signed_in.kaiin_token, signed_in.tanmatu_kagi, replaced=coded.device)
        # A device that is not trusted anew keeps its key and will be asked again (WIRE.md §4.2).
        # Until then the session goes on, wherever the next call comes from.
        keys = Keys(device=coded.device, token=signed_in.kaiin_token, hint=coded.hint)
        return self._active(keys, signed_in.kaiin_token)

    def admitted(self, hint: str, token: str, device: str, *, replaced: str = "") -> Active:
        return self._active(Keys(device=device, token="" if device else token, hint=hint, replaced=replaced), token)

    def _active(self, keys: Keys, token: str) -> Active:
        access = sealed(keys)
        self._sessions.remember(access, token)
        return Active(access=access, user_hint=keys.hint or None)


def trusted(answer: Answer) -> bool:
    """Tell whether the customer trusts the device, ticked in the step or said beside it."""
    return answer.trust_device or answer.values.get(Key.TRUSTED_DEVICE) == YES
