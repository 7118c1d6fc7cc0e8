"""Agencies that sell for several insurers, and who works there."""

from datetime import datetime
from typing import Annotated

import strawberry

from insurers import mandate
from insurers.agency import Agency as AgencyWord
from insurers.agency import Agent as AgentWord
from insurers.agency import AgentRole, ConsentScope
from insurers.agency import Branch as BranchWord
from insurers.canonical import sha256
from schema.arguments import InLanguage
from schema.context import Info
from schema.directives import ENTITY, PERSONAL
from schema.insurer import Contact, Insurer
from schema.node import Node


@strawberry.type(description="An office of an agency (拠点).")
class Branch:
    word: strawberry.Private[BranchWord]

    @strawberry.field(description="The agency's code for it, which is in the insurers' feeds, too.")
    def code(self) -> str:
        return self.word.code

    @strawberry.field(description="Its name.")
    def name(self) -> str:
        return self.word.name


@strawberry.type(description="What a customer agrees to, word for word.")
class ConsentStatement:
    text: str = strawberry.field(description="The words to show. They are what the evidence then holds.")
    hash: str = strawberry.field(
        description="SHA-256 of `text` in UTF-8, in hex. Pass it to `consentGrant` once the customer has read the text."
    )


@strawberry.type(description="An agency that sells for several insurers (乗合代理店).", directives=[ENTITY])
class MultiAgency(Node):
    node_type = "MultiAgency"
    word: strawberry.Private[AgencyWord]

    def node_parts(self) -> tuple[str, ...]:
        return (self.word.id,)

    @strawberry.field(description="Its name.")
    def name(self) -> str:
        return self.word.name

    @strawberry.field(description="Its offices.")
    def branches(self) -> list[Branch]:
        return [Branch(word=branch) for branch in self.word.branches]

    @strawberry.field(description="How to reach it.")
    def contacts(self) -> list[Contact]:
        return [Contact(word=self.word.contact)]

    @strawberry.field(description="The insurers for whom it sells, as far as this gateway reaches them.")
    def insurers(self, info: Info) -> list[Insurer]:
        known = info.context.host.manifests
        return [Insurer(manifest=known[one.insurer]) for one in self.word.appointments if one.insurer in known]

    @strawberry.field(
        description="What a customer agrees to who lets this agency do so much. Show it before `consentGrant`, which"
        " takes its hash."
    )
    def consent_statement(
        self,
        info: Info,
        scopes: Annotated[list[ConsentScope], strawberry.argument(description="How far the agency may act.")],
        expires_at: Annotated[
            datetime | None, strawberry.argument(description="Until when; null for without an end.")
        ] = None,
        locale: InLanguage = None,
    ) -> ConsentStatement:
        text = info.context.say(mandate.statement(self.word.name, scopes, expires_at), locale)
        return ConsentStatement(text=text, hash=sha256(text))


@strawberry.type(description="Somebody who works a book at an agency (募集人).", directives=[ENTITY])
class Agent(Node):
    node_type = "Agent"
    word: strawberry.Private[AgentWord]

    def node_parts(self) -> tuple[str, ...]:
        return (self.word.id,)

    @strawberry.field(description="The agent's name.", directives=[PERSONAL])
    def display_name(self) -> str:
        return self.word.name

    @strawberry.field(description="What they are there, which decides what of the book they see.")
    def role(self) -> AgentRole:
        return self.word.role

    @strawberry.field(description="Whether they still work there. Who does not may do nothing, and stays in notes.")
    def active(self) -> bool:
        return self.word.active

    @strawberry.field(description="The office to which they belong; null for who belongs to all.")
    async def branch(self, info: Info) -> Branch | None:
        agency = await info.context.book.agency.load(self.word.agency)
        found = agency.branch(self.word.branch) if agency else None
        return Branch(word=found) if found else None

    @strawberry.field(description="The agency where they work.")
    async def agency(self, info: Info) -> MultiAgency | None:
        found = await info.context.book.agency.load(self.word.agency)
        return MultiAgency(word=found) if found else None


async def agencies(info: Info) -> list[MultiAgency]:
    return [MultiAgency(word=agency) for agency in await info.context.host.agencies.agencies()]


async def agency_node(info: Info, parts: tuple[str, ...]) -> Node | None:
    """Answer an agency, which anybody may see who is signed in."""
    found = await info.context.book.agency.load(parts[0]) if info.context.asker else None
    return MultiAgency(word=found) if found else None


async def agent_node(info: Info, parts: tuple[str, ...]) -> Node | None:
    """Answer a colleague whom the agent who asks may see."""
    found = await info.context.book.colleague.load(parts[0])
    return Agent(word=found) if found else None
