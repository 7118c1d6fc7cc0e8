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


def operations(insurer: str, method: str) -> Sequence[Mapping[str, str]]:
    """Answer each example with variables that fit this gateway: one of its insurers and a way to register there."""
    variables: Mapping[str, Mapping[str, object]] = {
        "2-register": {"insurer": insurer, "method": method, "key": str(uuid4())},
        "3-answer": {"input": {**_STEP, "idempotencyKey": str(uuid4())}},
        "5-renew": {"policy": "", "key": str(uuid4())},
        "6-compare": {"renewals": []},
        "7-follow": {"id": ""},
        "8-ask-insurers": {"policy": "", "key": str(uuid4())},
        "9-as-they-answer": {"id": ""},
    }
    return [
        {
            "query": path.read_text(encoding="utf-8"),
            "variables": msgspec.json.format(msgspec.json.encode(variables.get(path.stem, {}))).decode(),
        }
        for path in sorted(_FOLDER.glob("*.graphql"))
    ]
