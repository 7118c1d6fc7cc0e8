"""Operations to begin with, shown in GraphiQL and held valid by a test."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import uuid4

import msgspec

_FOLDER = Path(__file__).parent


def operations(insurer: str, method: str) -> Sequence[Mapping[str, str]]:
    """Answer each example with variables that fit this gateway: one of its insurers and a way to register there."""
    variables: Mapping[str, Mapping[str, object]] = {
        "2-register": {"insurer": insurer, "method": method, "key": str(uuid4())},
        "4-renew": {"policy": "", "key": str(uuid4())},
        "5-compare": {"renewals": []},
    }
    return [
        {
            "query": path.read_text(encoding="utf-8"),
            "variables": msgspec.json.format(msgspec.json.encode(variables.get(path.stem, {}))).decode(),
        }
        for path in sorted(_FOLDER.glob("*.graphql"))
    ]
