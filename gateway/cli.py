"""The `tabane` command: what can be asked of it. What is done then is in `gateway.commands`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from insurers.identity import InsurerCode
from insurers.text import Language

app = typer.Typer(
    help="束ね Tabane: one GraphQL schema in front of many insurers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
schema = typer.Typer(help="The GraphQL schema.", no_args_is_help=True)
database = typer.Typer(help="The tables.", no_args_is_help=True)
agencies = typer.Typer(help="The agencies (代理店) and who works there.", no_args_is_help=True)
books = typer.Typer(help="The agents' books (満期管理): what insurers' feeds tell of.", no_args_is_help=True)
insurers = typer.Typer(help="The insurers.", no_args_is_help=True)
keys = typer.Typer(help="The keys at rest.", no_args_is_help=True)
app.add_typer(schema, name="schema", rich_help_panel="For developers")
app.add_typer(database, name="db", rich_help_panel="For operators")
app.add_typer(keys, name="keys", rich_help_panel="For operators")
app.add_typer(agencies, name="agency", rich_help_panel="For operators")
app.add_typer(books, name="book", rich_help_panel="For operators")
app.add_typer(insurers, name="insurers", rich_help_panel="For operators")

A_YEAR_MINUTES = 365 * 24 * 60

FIRST = "Begin here"
OPERATORS = "For operators"
DEVELOPERS = "For developers"

SchemaFolder = Annotated[Path, typer.Argument(help="The folder of the published files.")]


def _host(given: str) -> str:
    try:
        # As a socket would have it, and with a traceback.
        given.encode("idna")
    except UnicodeError:
        raise typer.BadParameter("ホスト名ではありません。 It is no name of a host.") from None
    return given


Host = Annotated[str, typer.Option(help="The interface on which to listen.", callback=_host)]
AnyPort = Annotated[int | None, typer.Option(min=0, max=65535, help="Instead of TABANE_PORT.")]


def main() -> None:
    """Run, and tell what is wrong in one line each instead of a traceback."""
    try:
        app(prog_name="tabane")
    # Whether it is a mistake of ours or of the operator's is decided by one table.
    except Exception as error:  # noqa: BLE001
        from gateway.commands import troubles

        sys.exit(troubles.told(error))


@app.command(rich_help_panel=FIRST)
def demo() -> None:
    """Tell the main job step by step: register, read, compare and renew at every insurer."""
    from gateway.commands import demonstration

    demonstration.run()


@app.command(rich_help_panel=FIRST)
def compare(
    number: Annotated[
        str | None, typer.Argument(help="The policy's number. Without one: those that can be renewed now.")
    ] = None,
    share: Annotated[
        bool | None,
        typer.Option(
            "--share/--no-share",
            help="Agree, or not, that other insurers are told what is shown, for a quote. Without it you are asked.",
        ),
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="Tell every difference in a sentence.")] = False,
    url: Annotated[
        str | None, typer.Option(help="A running gateway. Without one the sandboxes are opened for this.")
    ] = None,
    token: Annotated[
        str | None, typer.Option(envvar="TOKEN", help="Whose policies, at --url; else the --customer's.")
    ] = None,
    customer: Annotated[str | None, typer.Option(help="Whose policies, at a development gateway.")] = None,
    language: Annotated[Language, typer.Option(help="ja or en.")] = Language.EN,
) -> None:
    """Compare a policy with the plans of every insurer, peril by peril, and show what is told to whom first."""
    from gateway.commands import compare as table

    table.run(table.Wish(number=number, share=share, why=why, url=url, token=token, name=customer, language=language))


@app.command(rich_help_panel=FIRST)
def dev(
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Instead of TABANE_PORT. 0 takes free ports for everything.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the gateway's database of earlier runs; the sandboxes forget theirs.")
    ] = False,
) -> None:
    """Run everything in one process: gateway, worker, every insurer's sandbox and a mailbox."""
    from gateway.commands import desk

    desk.run(port=port, keep=keep)


@app.command(rich_help_panel=FIRST)
def token(
    customer: Annotated[str | None, typer.Option(help="Whose: a name, such as '三住 太郎'.")] = None,
    agent: Annotated[
        str | None,
        typer.Option(
            help="The agent (募集人) who asks, such as '募集 花子': for that customer, or without one for the whole"
            " book. An agent fills in and submits; declarations, important matters and the application itself only the"
            " customer confirms."
        ),
    ] = None,
    lifetime: Annotated[int, typer.Option(min=1, max=A_YEAR_MINUTES, help="Minutes until it runs out.")] = 720,
    port: AnyPort = None,
) -> None:
    """Print a token for the development gateway, and nothing else. There is none in production."""
    from gateway.commands import minting

    names = [name for name in (customer, agent) if name is not None]
    if not names or not all(map(str.strip, names)):
        raise typer.BadParameter(
            "--customer か --agent に名前を指定してください（両方も可）。 Give a name by --customer, --agent, or both."
        )
    minting.run(customer, agent=agent, minutes=lifetime, port=port)


@app.command(rich_help_panel=OPERATORS)
def serve(port: AnyPort = None) -> None:
    """Serve the gateway until told to stop."""
    from gateway.commands import service

    service.serve(port=port)


@app.command(rich_help_panel=OPERATORS)
def worker() -> None:
    """Do what is due, beside any number of gateways and workers on the same database."""
    from gateway.commands import service

    service.work()


# An id may begin as an option does.
@app.command(
    rich_help_panel=OPERATORS, context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]}
)
def evidence(
    flow: Annotated[
        str | None, typer.Argument(help="Id of a renewal, comparison or consent, as GraphQL shows it.", metavar="ID")
    ] = None,
    verify: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Check this bundle, with nothing else at hand.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="With --verify: what `tabane keys evidence` prints where it was sealed.")
    ] = None,
    document: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="With --verify: a document that should have been confirmed."),
    ] = None,
) -> None:
    """Print the sealed evidence of a renewal, a comparison or a consent to an agency; or check such a file."""
    from gateway.commands import evidence as room

    if (flow is None) == (verify is None) or (verify is None and (key or document)):
        raise typer.BadParameter(
            "更新手続き・比較の id か --verify FILE のどちらか一方を指定してください。 "
            "Give either the id of a renewal or a comparison, or --verify FILE."
        )
    if verify is not None:
        room.verify(verify, key=key, documents=document or ())
    elif flow is not None:
        room.export(flow)


@database.command("upgrade")
def upgrade() -> None:
    """Bring the tables up to date."""
    from gateway.commands import tables

    tables.upgrade()


@keys.command("new")
def new_key(
    key_id: Annotated[int, typer.Option("--id", min=1, max=255, help="One that no key of the ring has had.")] = 1,
) -> None:
    """Print one fresh entry for TABANE_VAULT_KEYS, and nothing else."""
    from gateway.commands import keyring

    keyring.new(key_id)


@keys.command("rotate")
def rotate_keys(
    page: Annotated[int, typer.Option(min=1, help="Rows in one transaction.")] = 500,
) -> None:
    """Seal everything under the first key of TABANE_VAULT_KEYS, beside whatever is running."""
    from gateway.commands import keyring

    keyring.rotate(page=page)


@keys.command("evidence")
def evidence_key() -> None:
    """Print the fingerprint of the key that seals evidence, and nothing else. Publish it."""
    from gateway.commands import evidence as room

    room.show_key()


@agencies.command("import")
def import_agencies(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Who they are, in TOML.", metavar="FILE")],
) -> None:
    """Let the agencies and agents of a file be all that there are; whoever is missing may do nothing from then on."""
    from gateway.commands import agencies as roll

    roll.take_over(file)


@agencies.command("list")
def list_agencies() -> None:
    """List the agencies, for whom they sell, and who works there."""
    from gateway.commands import agencies as roll

    roll.show()


OfAgency = Annotated[str | None, typer.Option(help="The agency's id, as `tabane agency list` shows it; else all.")]
OfInsurer = Annotated[str | None, typer.Option(help="The insurer's code; else all.")]
Accept = Annotated[
    bool, typer.Option("--accept", help="Believe it although it lacks much, is miscounted or older: somebody looked.")
]


@books.command("import")
def import_book(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A feed of the insurer's (満期データ).", metavar="FILE")
    ],
    agency: Annotated[str, typer.Option(help="Whose book.")],
    insurer: Annotated[str, typer.Option(help="Whose file.")],
    accept: Accept = False,
) -> None:
    """Enter a file that the agency has at hand. The same file once more changes nothing."""
    from gateway.commands import book

    wish = book.Wish(agency=agency, insurer=InsurerCode(insurer), accepted=accept)
    if not book.import_file(file, wish):
        raise typer.Exit(1)


@books.command("sync")
def sync_books(
    agency: OfAgency = None,
    insurer: OfInsurer = None,
    full: Annotated[
        bool, typer.Option("--full", help="Begin anew what another reading left halfway, instead of going on.")
    ] = False,
    accept: Accept = False,
) -> None:
    """Read the feeds at once, beside whatever is running, and say what came of it."""
    from gateway.commands import book

    wish = book.Wish(agency=agency, insurer=InsurerCode(insurer) if insurer else None, anew=full, accepted=accept)
    if not book.sync(wish):
        raise typer.Exit(1)


@books.command("status")
def status_of_books(
    agency: OfAgency = None,
    flaws: Annotated[bool, typer.Option("--flaws", help="List what could not be read, and why.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """Show how many policies each book has, how fresh they are, and what was wrong with the feeds."""
    from gateway.commands import book_status

    book_status.show(agency=agency, flaws=flaws, as_json=as_json)


@insurers.command("list")
def list_insurers() -> None:
    """List every insurer that is found here."""
    from gateway.commands import panel

    panel.show()


@schema.command("print")
def print_schema() -> None:
    """Print the schema in SDL."""
    from gateway.commands import sdl

    sdl.show()


@schema.command("publish")
def publish_schema(folder: SchemaFolder = Path("schema")) -> None:
    """Write every published file of the schema anew: SDL, possible types, glossary."""
    from gateway.commands import sdl

    sdl.publish(folder)


@schema.command("check")
def check_schema(folder: SchemaFolder = Path("schema")) -> None:
    """Say whether the published files are those of the code, and what broke since the last release."""
    from gateway.commands import sdl

    sdl.check(folder)


@schema.command("documents")
def check_documents(
    manifest: Annotated[Path, typer.Argument(help="A manifest of trusted documents, or a folder of them.")],
) -> None:
    """Say whether this gateway answers every document of a frontend's manifest."""
    from gateway.commands import manifests

    manifests.check(manifest)


@app.command(rich_help_panel=DEVELOPERS)
def sandbox(
    code: Annotated[str, typer.Argument(help="The insurer's code; see `tabane insurers list`.")],
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where its customers knock; 0 is any.")] = 0,
    control_port: Annotated[int, typer.Option(min=0, max=65535, help="Where its clock and faults are set.")] = 0,
    smtp_host: Annotated[str, typer.Option(help="Where its mails go.", callback=_host)] = "127.0.0.1",
    smtp_port: Annotated[int, typer.Option(min=1, max=65535, help="Where its mails go.")] = 8125,
    policies: Annotated[
        int | None,
        typer.Option(
            min=0, help="How many invented policies its two agencies have: a tenth S1001, the rest H2002. [default: 36]"
        ),
    ] = None,
) -> None:
    """Run one insurer's sandbox: an imitation on real sockets."""
    from gateway.commands import house

    house.run(
        code,
        host=host,
        port=port,
        control_port=control_port,
        smtp=(smtp_host, smtp_port),
        policies=policies,
    )


@app.command(rich_help_panel=DEVELOPERS)
def mailbox(
    host: Host = "127.0.0.1",
    smtp_port: Annotated[int, typer.Option(min=0, max=65535, help="Where letters are handed in.")] = 8125,
    web_port: Annotated[int, typer.Option(min=0, max=65535, help="Where they are shown.")] = 8025,
) -> None:
    """Run the development mailbox: it takes every mail and sends none on."""
    from gateway.commands import post

    post.run(host, smtp_port=smtp_port, web_port=web_port)
