"""An insurer is found by its name alone: a folder of ours, then a plugin, and nothing else."""

import importlib
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

import insurers
from insurers.hours import TOKYO
from insurers.identity import InsurerCode
from insurers.panel import GROUP, Misconfigured, UnknownInsurer, connected, discover, find

MORNING = datetime(2026, 11, 20, 10, tzinfo=TOKYO)

DOOR = """
from contextlib import asynccontextmanager

MANIFEST = "the card of {name}"
OPEN = []


@asynccontextmanager
async def connect(*, base_url=None, clock, listener=None):
    OPEN.append(base_url)
    try:
        yield (MANIFEST, base_url, clock())
    finally:
        OPEN.remove(base_url)
"""


@pytest.fixture
def forget() -> Iterator[None]:
    """Leave no invented module behind for other tests."""
    before, own = set(sys.modules), set(vars(insurers))
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]
    for name in set(vars(insurers)) - own:
        delattr(insurers, name)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forget: None) -> Path:
    """A place beside the language files where an insurer's folder may be written."""
    monkeypatch.setattr(insurers, "__path__", [*insurers.__path__, str(tmp_path)])
    return tmp_path


def write(place: Path, name: str, text: str) -> None:
    (place / name).mkdir()
    (place / name / "__init__.py").write_text(text, encoding="utf-8")
    importlib.invalidate_caches()


def publish(place: Path, code: str, module: str) -> None:
    """Install a package with an entry point, as pip would leave it."""
    meta = place / f"{module}-1.0.dist-info"
    meta.mkdir()
    (meta / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n", encoding="utf-8")
    (meta / "entry_points.txt").write_text(f"[{GROUP}]\n{code} = {module}\n", encoding="utf-8")
    importlib.invalidate_caches()


def card(code: str) -> object:
    return find(InsurerCode(code)).MANIFEST


def test_a_folder_is_an_insurer(folder: Path) -> None:
    write(folder, "paper", DOOR.format(name="paper"))

    assert "the card of paper" == card("paper")


def test_a_plugin_is_an_insurer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forget: None) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    write(tmp_path, "somebodys_package", DOOR.format(name="plugged"))
    publish(tmp_path, "plugged", "somebodys_package")

    assert "the card of plugged" == card("plugged")


def test_our_folder_comes_before_a_plugin_of_the_same_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(folder)
    write(folder, "paper", DOOR.format(name="ours"))
    write(folder, "theirs", DOOR.format(name="theirs"))
    publish(folder, "paper", "theirs")

    assert "the card of ours" == card("paper")


@pytest.mark.parametrize(
    "code",
    ["nobody", "money", "http", "sandbox", "conformance", "__init__", "", "a.b", "../x", "money.Yen", "paper.wire"],
)
def test_a_name_without_a_door_is_nobody(code: str) -> None:
    with pytest.raises(UnknownInsurer):
        find(InsurerCode(code))


def test_a_folder_without_a_door_is_nobody(folder: Path) -> None:
    (folder / "empty").mkdir()
    importlib.invalidate_caches()

    with pytest.raises(UnknownInsurer):
        find(InsurerCode("empty"))


def test_a_folder_that_lacks_a_library_says_which(folder: Path) -> None:
    write(folder, "broken", "import no_such_library")

    with pytest.raises(ModuleNotFoundError, match="no_such_library") as told:
        find(InsurerCode("broken"))
    assert "no_such_library" == told.value.name


def test_a_folder_that_fails_is_told_as_itself(folder: Path) -> None:
    write(folder, "failing", "raise RuntimeError('its own trouble')")

    with pytest.raises(RuntimeError, match="its own trouble"):
        find(InsurerCode("failing"))


def test_everybody_here_is_discovered_by_a_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forget: None) -> None:
    here = discover()
    monkeypatch.syspath_prepend(tmp_path)
    write(tmp_path, "somebodys_package", DOOR.format(name="plugged"))
    publish(tmp_path, "plugged", "somebodys_package")

    assert sorted({*here, "plugged"}) == list(discover())
    assert all(code == find(code).MANIFEST.code for code in here)


async def test_an_insurer_with_wrong_settings_is_named_and_its_settings_are_not(folder: Path) -> None:
    write(folder, "unset", DOOR.format(name="unset").replace("OPEN.append(base_url)", "raise ValueError('himitsu')"))

    with pytest.raises(Misconfigured) as told:
        async with connected({InsurerCode("unset"): None}, clock=lambda: MORNING):
            pytest.fail("it has no address")

    assert "unset" == told.value.code
    assert "himitsu" not in f"{told.value!r}"


async def test_a_panel_has_its_insurers_in_the_operators_order_and_closes_them(folder: Path) -> None:
    for name in ("one", "other"):
        write(folder, name, DOOR.format(name=name))
    asked = {InsurerCode("other"): "http://127.0.0.1:1", InsurerCode("one"): None}

    async with connected(asked, clock=lambda: MORNING) as panel:
        assert ["other", "one"] == list(panel)
        assert 2 == len(panel)
        other: object = panel[InsurerCode("other")]
        assert ("the card of other", "http://127.0.0.1:1", MORNING) == other
        with pytest.raises(KeyError):
            panel[InsurerCode("nobody")]

    assert [] == importlib.import_module("insurers.other").OPEN


async def test_an_insurer_that_cannot_be_found_leaves_none_connected(folder: Path) -> None:
    write(folder, "one", DOOR.format(name="one"))
    asked = {InsurerCode("one"): None, InsurerCode("nobody"): None}

    with pytest.raises(UnknownInsurer):
        async with connected(asked, clock=lambda: MORNING):
            pytest.fail("there is no such insurer")

    assert [] == importlib.import_module("insurers.one").OPEN
