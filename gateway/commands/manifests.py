"""`tabane schema documents`"""

import sys
from pathlib import Path

from rich.console import Console

import schema
from gateway import trusted_documents


def check(manifest: Path) -> None:
    documents = trusted_documents.read(manifest)
    broken = list(trusted_documents.broken(documents, schema.build()))
    for one in broken:
        Console(stderr=True).print(f"{one.name}: {one.why}", style="red", soft_wrap=True, markup=False)
    if broken:
        sys.exit(1)
    Console().print(f"{len(documents)} 件すべてに答えられます。 This gateway answers all {len(documents)} of them.")
