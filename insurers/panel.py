"""The insurers that this gateway can reach."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol, cast

from insurers.adapter import Insurer
from insurers.capability import Manifest
from insurers.exchange import Listener, unheard
from insurers.identity import InsurerCode

GROUP = "tabane.insurers"

Clock = Callable[[], datetime]


class UnknownInsurer(LookupError):
    """No folder and no entry point answers to this code."""


class Misconfigured(ValueError):
    """This insurer's own settings (`TABANE_<CODE>_*`) do not let it be connected."""

    def __init__(self, code: InsurerCode) -> None:
        super().__init__(code)
        self.code = code


class Package(Protocol):
    """An insurer's door: the two names that its package offers."""

    __name__: str
    MANIFEST: Manifest

    def connect(
        self, *, base_url: str | None = None, clock: Clock, listener: Listener = unheard
    ) -> AbstractAsyncContextManager[Insurer]:
        """
        Open a connection until the block ends.

        Without *base_url*, the insurer's own settings say where it is (`TABANE_<CODE>_BASE_URL`).
        *listener* hears of every exchange with the insurer.
        """
        ...


def find(code: InsurerCode) -> Package:
    """
    Return the package of the insurer *code*: ours first, then a plugin's.

    Raises:
        UnknownInsurer: there is neither.
    """
    if not code.isidentifier():
        raise UnknownInsurer(code)
    name = f"insurers.{code}"
    try:
        package = import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise  # The folder is there, and something it needs is not.
    else:
        # A language file has a name in this package too, and no door.
        if hasattr(package, "MANIFEST"):
            return cast(Package, package)
    for point in entry_points(group=GROUP, name=code):
        return cast(Package, point.load())
    raise UnknownInsurer(code)


def discover() -> tuple[InsurerCode, ...]:
    """Answer the codes of every insurer that is here, in alphabetical order: our folders and the plugins'."""
    folders = {module.name for module in iter_modules([str(Path(__file__).parent)]) if module.ispkg}
    plugins = {point.name for point in entry_points(group=GROUP)}
    return tuple(code for code in map(InsurerCode, sorted(folders | plugins)) if _answers(code))


def _answers(code: InsurerCode) -> bool:
    try:
        find(code)
    except UnknownInsurer:
        return False
    return True


class Panel(Mapping[InsurerCode, Insurer]):
    """The connected insurers by code, in the operator's order."""

    def __init__(self, insurers: Mapping[InsurerCode, Insurer]) -> None:
        self._insurers = dict(insurers)

    def __getitem__(self, code: InsurerCode) -> Insurer:
        return self._insurers[code]

    def __iter__(self) -> Iterator[InsurerCode]:
        return iter(self._insurers)

    def __len__(self) -> int:
        return len(self._insurers)


@asynccontextmanager
async def connected(
    codes: Mapping[InsurerCode, str | None], *, clock: Clock, listener: Listener = unheard
) -> AsyncIterator[Panel]:
    """
    Connect the insurers of *codes*, each at its address or, for None, where its own settings say.

    Raises:
        UnknownInsurer: there is no such insurer.
        Misconfigured: its settings are wrong, or missing.
    """
    async with AsyncExitStack() as stack:
        insurers: dict[InsurerCode, Insurer] = {}
        for code, base_url in codes.items():
            connection = find(code).connect(base_url=base_url, clock=clock, listener=listener)
            try:
                insurers[code] = await stack.enter_async_context(connection)
            except ValueError as error:
                raise Misconfigured(code) from error
        yield Panel(insurers)
