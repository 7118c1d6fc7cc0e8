"""`tabane insurers`"""

from rich import box
from rich.console import Console
from rich.table import Table

from gateway.development import sandboxes
from insurers import panel
from insurers.capability import Level
from insurers.text import Language


def show() -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Code", no_wrap=True)
    for heading in ("Name", "Does", "Sandbox"):
        table.add_column(heading)
    with_sandbox = sandboxes()
    for code in panel.discover():
        manifest = panel.find(code).MANIFEST
        does = [capability.value for capability, level in manifest.capabilities.items() if level is not Level.NONE]
        table.add_row(
            code,
            f"{manifest.name.to(Language.JA)}\n{manifest.name.to(Language.EN)}",
            ", ".join(does),
            "yes" if code in with_sandbox else "no",
        )
    Console(highlight=False).print(table)
