"""What an operator copies (docker-compose.yml, .env.example) says what the programs understand."""

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings
from typer.testing import CliRunner

from gateway.cli import app

# `TABANE_X=...`, or `# TABANE_X=...` where there is a default.
SETTING = re.compile(r"^(?:# )?(TABANE_[A-Z_]+)=", re.MULTILINE)


@pytest.fixture(scope="session")
def services(root: Path) -> dict[str, dict[str, Any]]:
    compose: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load((root / "docker-compose.yml").read_text())
    return compose["services"]


@pytest.fixture(scope="session")
def documented(root: Path) -> set[str]:
    return set(SETTING.findall((root / ".env.example").read_text(encoding="utf-8")))


def understood(folders: list[str]) -> Iterator[str]:
    """The environment variables that the gateway and the insurers read."""
    for name in ("gateway.settings", *(f"{folder}.settings" for folder in folders)):
        module = import_module(name)
        for settings in vars(module).values():
            if isinstance(settings, type) and issubclass(settings, BaseSettings) and settings.__module__ == name:
                prefix = settings.model_config.get("env_prefix", "")
                yield from (f"{prefix}{field}".upper() for field in settings.model_fields)


def test_the_example_names_every_setting_and_no_other(documented: set[str], folders: list[str]) -> None:
    assert set(understood(folders)) == documented


def test_every_service_runs_a_command_that_there_is(services: dict[str, dict[str, Any]]) -> None:
    for service in services.values():
        if "build" in service:
            program, *words = shlex.split(service["command"])
            answer = CliRunner().invoke(app, [*words, "--help"])

            assert ("tabane", 0) == (program, answer.exit_code), answer.output


def test_services_are_given_settings_that_there_are(services: dict[str, dict[str, Any]], documented: set[str]) -> None:
    given = {name for service in services.values() for name in service.get("environment", {})}

    assert set() == {name for name in given if name.startswith("TABANE_")} - documented


def test_there_is_a_sandbox_for_every_insurer(services: dict[str, dict[str, Any]], folders: list[str]) -> None:
    commands = [shlex.split(service.get("command", "")) for service in services.values()]

    assert {folder.removeprefix("insurers.") for folder in folders} == {
        words[2] for words in commands if words[1:2] == ["sandbox"]
    }


def test_every_host_that_a_service_is_told_of_is_a_service(services: dict[str, dict[str, Any]]) -> None:
    told = " ".join(f"{heard(service)} {service.get('command')}" for service in services.values())
    hosts = set(re.findall(r"(?:://(?:\w+:\w+@)?|--smtp-host )([a-z-]+)", told))

    assert {"mailbox", "postgres"} <= hosts <= set(services)


def heard(service: dict[str, Any]) -> dict[str, str]:
    """A service's settings but for the address of the gateway, which is told to clients outside."""
    return {name: value for name, value in service.get("environment", {}).items() if name != "TABANE_PUBLIC_URL"}
