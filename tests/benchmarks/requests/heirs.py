"""Renewals like those of the first household, for all the others: to start each at its insurer would take minutes."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from msgspec.structs import replace

from gateway import store as stores
from gateway.application import node_ids
from gateway.settings import Settings
from gateway.tokens.issuer import subject
from gateway.vault import Keyring
from gateway.viewer import party
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef

# A name, and the numbers of that person's policies at each insurer.
Household = tuple[str, Mapping[InsurerCode, Sequence[str]]]


async def inherited(settings: Settings, issuer: str, households: Sequence[Household]) -> Sequence[str]:
    """Give each the renewals that the first has, and answer an id of one of each household's."""
    assert settings.vault_keys is not None
    keyring = Keyring.parse(settings.vault_keys.get_secret_value())
    ids, found = node_ids(keyring), []
    (first, held), *heirs = households
    url = settings.database_url.get_secret_value()
    async with stores.opened(url, keyring=keyring) as store, store.work() as work:
        models = {renewal.ref: renewal for renewal in await work.renewals.of(party(issuer, subject(first)))}
        found.append(next(reversed(models.values())).id)
        for name, numbers in heirs:
            for code, theirs in numbers.items():
                for number, like in zip(theirs, held[code], strict=True):
                    renewal = replace(
                        models[_ref(code, like)],
                        id=str(uuid4()),
                        customer=party(issuer, subject(name)),
                        ref=_ref(code, number),
                    )
                    await work.renewals.add(renewal, due_at=None)
            found.append(renewal.id)
    return [ids.seal("Renewal", id_) for id_ in found]


def _ref(code: InsurerCode, number: str) -> PolicyRef:
    return PolicyRef(code, PolicyNumber.parse(number))
