"""What is kept of documents: an operator's manifests, and what clients told."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from gateway import trusted_documents
from gateway.cli import app
from gateway.settings import Given, read
from gateway.wrong_settings import WrongSettings
from schema.execution.documents import MOST_TOLD, MOST_TOLD_BYTES, Documents
from schema.execution.limits import LIMITS
from schema.execution.refusals import Declined
from tests.api.frontend import Json

NAMES = "{ insurers { nodes { code } } }"
NAMED = "query Insurers($first: Int = 20) { insurers(first: $first) { edges { node { code } } } }"


def apq(text: str) -> Json:
    return {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(text.encode()).hexdigest()}}


@given(st.lists(st.text(min_size=1, max_size=40), unique=True, max_size=30))
def test_what_was_told_is_found_again(texts: list[str]) -> None:
    documents = Documents()
    for text in texts:
        documents.text(text, extensions=apq(text))
    assert texts == [documents.text(None, extensions=apq(text)) for text in texts]


def test_what_clients_tell_has_a_bound() -> None:
    documents = Documents()
    texts = [f"{{ field{number} }}" for number in range(MOST_TOLD + 1)]
    for text in texts:
        documents.text(text, extensions=apq(text))
    with pytest.raises(Declined):
        documents.text(None, extensions=apq(texts[0]))
    assert texts[-1] == documents.text(None, extensions=apq(texts[-1]))

    for letter in "abc":
        for number in range(MOST_TOLD_BYTES // LIMITS.characters // 3 + 1):
            large = f"{letter * (LIMITS.characters - 10)}{number}"
            documents.text(large, extensions=apq(large))
    with pytest.raises(Declined):
        documents.text(None, extensions=apq(texts[MOST_TOLD // 2]))


def test_a_document_that_is_too_long_to_be_read_is_not_kept() -> None:
    documents, large = Documents(), " " * (LIMITS.characters + 1)
    assert large == documents.text(large, extensions=apq(large))
    with pytest.raises(Declined):
        documents.text(None, extensions=apq(large))


# Such a document is well formed, and asks for more than the gateway gives.
MUCH = "{ viewer { " + " ".join(f"a{number}: id" for number in range(60)) + " } }"
Written = Callable[[str], Path]


@pytest.fixture
def manifest(tmp_path: Path) -> Written:
    def write(text: str) -> Path:
        file = tmp_path / "manifest.json"
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', '{"format": "apollo-persisted-query-manifest"}'])
def test_a_manifest_that_is_none_says_so(manifest: Written, text: str) -> None:
    with pytest.raises(trusted_documents.WrongManifest):
        trusted_documents.read(manifest(text))


def test_two_documents_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(json.dumps({"name": NAMES}))
    (tmp_path / "two.json").write_text(json.dumps({"name": NAMED}))
    with pytest.raises(trusted_documents.WrongManifest, match="'name'"):
        trusted_documents.read(tmp_path)


def test_the_command_says_which_documents_the_schema_does_not_answer(manifest: Written) -> None:
    good = CliRunner().invoke(app, ["schema", "documents", str(manifest(json.dumps({"good": NAMED})))])
    assert 0 == good.exit_code
    assert "1" in good.output

    bad = json.dumps({"good": NAMED, "old": "{ insurers { gone } }", "cut": "{ insurers", "much": MUCH})
    refused = CliRunner().invoke(app, ["schema", "documents", str(manifest(bad))])
    assert 1 == refused.exit_code
    assert "old: " in refused.output
    assert "cut: " in refused.output
    assert "much: 操作が大きすぎます" in refused.output
    assert "good" not in refused.output


def test_trusting_nothing_else_needs_something_to_trust(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings, match="TABANE_TRUSTED_DOCUMENTS"):
        read(Given, data_folder=tmp_path, only_trusted_documents=True)
