"""Are files that others wrote read in processes of their own by the commands about citations, too?"""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.ingest.readers.pdf.paper import Paper
from tests.library import services_at, take_in
from webapp.cli import cli


def forbidden(*_arguments: object, **_named: object) -> None:
    raise AssertionError("read in the process of the command")


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    made = Paper()
    made.put("The desk answers at night, on holidays and on Sundays.", 72, 72)
    file = tmp_path / "desk.pdf"
    file.write_bytes(made.content())
    return file


@pytest.fixture
def passage_id(paper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("KB_HOME", str(tmp_path / "home"))
    services = services_at(tmp_path / "home")
    (outcome,) = take_in(services, paper)
    with services.catalog.reading() as transaction:
        (passage,) = transaction.passages.of_source(str(outcome.source_id))
    services.close()
    # Those first that take the name from the last: one that is imported only now would keep the false one.
    monkeypatch.setattr("ingest.readers.pdf.addresses.opened", forbidden)
    monkeypatch.setattr("ingest.readers.pdf.opened", forbidden)
    monkeypatch.setattr("ingest.readers.pdf.opening.opened", forbidden)
    return passage.id


def test_links_in_a_pdf_are_looked_for_elsewhere(passage_id: str, tmp_path: Path) -> None:
    memo = Paper()
    memo.put(f"As http://localhost/p/{passage_id} says.", 72, 72)
    file = tmp_path / "memo.pdf"
    file.write_bytes(memo.content())
    result = CliRunner().invoke(cli, ["links", "check", str(file)])
    assert result.exit_code == 0, result.output
    assert f"/p/{passage_id}  same" in result.output


def test_the_original_of_a_receipt_is_read_elsewhere(passage_id: str, paper: Path, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.json"
    receipt.write_text(CliRunner().invoke(cli, ["receipt", passage_id]).output, encoding="utf-8")
    assert json.loads(receipt.read_text(encoding="utf-8"))["passage_id"] == passage_id
    result = CliRunner().invoke(cli, ["verify-citation", str(receipt), "--document", str(paper)])
    assert result.exit_code == 0, result.output
    assert "the words stand in this document" in result.output
