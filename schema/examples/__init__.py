"""Operations to begin with, shown in GraphiQL and held valid by a test."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import uuid4

import msgspec

_FOLDER = Path(__file__).parent

_STEP = {
    "flowId": "",
    "stepId": "",
    "expectedVersion": 1,
    "answers": [{"requirementKey": "family_name", "value": {"text": "三住"}}],
}

# What an agent asks, who is somebody else than the customer of the others.
_AGENTS = frozenset({"10-book", "11-book-deeds", "12-watch-the-book"})


def operations(insurer: str, method: str, agent: str = "") -> Sequence[Mapping[str, str]]:
    """
    Answer each example with variables that fit this gateway: one of its insurers and a way to register there.

    Those that an agent asks have headers with the token *agent*, where there is one.
    """
    variables: Mapping[str, Mapping[str, object]] = {
        "2-register": {"insurer": insurer, "method": method, "key": str(uuid4())},
        "3-answer": {"input": {**_STEP, "idempotencyKey": str(uuid4())}},
        "5-renew": {"policy": "", "key": str(uuid4())},
        "6-compare": {"renewals": []},
        "7-follow": {"id": ""},
        "8-ask-insurers": {"policy": "", "key": str(uuid4())},
        "9-as-they-answer": {"id": ""},
        "11-book-deeds": {"input": {"entryIds": [], "idempotencyKey": str(uuid4())}},
    }
    headers = {"Authorization": f"Bearer {agent}"} if agent else {}
    return [
        {
            "query": path.read_text(encoding="utf-8"),
            "variables": _text(variables.get(path.stem, {})),
            "headers": _text(headers) if path.stem in _AGENTS and headers else "",
        }
        for path in sorted(_FOLDER.glob("*.graphql"), key=_place)
    ]


def _place(path: Path) -> int:
    return int(path.stem.partition("-")[0])


def _text(values: Mapping[str, object]) -> str:
    return msgspec.json.format(msgspec.json.encode(values)).decode()
