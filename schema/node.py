"""Global ids: opaque to whoever holds one, stable for the life of the object, and impossible to make up."""

from typing import ClassVar

import msgspec
import strawberry
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from msgspec import Struct

from insurers import url_letters
from insurers.identity import PolicyRef
from schema.context import Info


class NodeId(Struct, frozen=True, array_like=True):
    """What an id stands for: a type, and the parts by which its object is found."""

    type: str
    parts: tuple[str, ...]


class NodeIds:
    """
    Seals and opens ids.

    Ids hold policy numbers, and clients log ids; so they are encrypted, and deterministically,
    because the same object has the same id for ever.
    """

    def __init__(self, key: bytes) -> None:
        self._siv = AESSIV(key)

    def seal(self, type_: str, *parts: str) -> strawberry.ID:
        box = self._siv.encrypt(msgspec.json.encode(NodeId(type_, parts)), None)
        return strawberry.ID(url_letters.spelt(box))

    def open(self, id_: str) -> NodeId | None:
        """Answer what *id_* stands for, or None when it is none of ours."""
        try:
            return msgspec.json.decode(self._siv.decrypt(url_letters.read(id_), None), type=NodeId)
        except (InvalidTag, ValueError):
            return None

    def parts(self, id_: str, type_: str) -> tuple[str, ...] | None:
        """Answer the parts of an id of this type, or None when it is none."""
        node = self.open(id_)
        return node.parts if node is not None and node.type == type_ else None


def policy_id(info: Info, ref: PolicyRef) -> strawberry.ID:
    """Answer a policy's id, also while its insurer cannot be asked."""
    return info.context.ids.seal("Policy", ref.insurer, str(ref.number))


@strawberry.interface(description="Anything with a global id.")
class Node:
    node_type: ClassVar[str]

    @strawberry.field(description="Opaque and stable: store it and compare it, nothing else.")
    def id(self, info: Info) -> strawberry.ID:
        return info.context.ids.seal(self.node_type, *self.node_parts())

    def node_parts(self) -> tuple[str, ...]:
        raise NotImplementedError
