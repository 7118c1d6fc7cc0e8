"""Q2: six fields of one policy."""

from insurers.identity import InsurerCode, PolicyNumber
from schema.policy import STATUS_LABELS
from schema.ports import Asker
from tests.benchmarks.requests.place import Answer, House, Said


async def answer(house: House, asker: Asker, said: Said) -> Answer:
    by = said["by"]["number"]
    insurer, number = InsurerCode(by["insurer"]["code"]), PolicyNumber.parse(by["number"])
    found = (await house.desks.reading.policies(asker, insurer, [number])).value.get(number)
    if found is None:
        return {"policy": None}
    return {
        "policy": {
            "number": number.text,
            "status": found.status.name,
            "statusLabel": STATUS_LABELS[found.status].ja,
            "startsAt": found.starts_at.isoformat(),
            "endsAt": found.ends_at.isoformat(),
            "premium": {"total": found.premium.total.amount} if found.premium else None,
        }
    }
