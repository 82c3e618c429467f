"""What becomes of a PDF with a password: refused with a remedy, then opened by the file of passwords?"""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.ingest.readers.pdf.paper import LEFT, PROSE, TOP, Paper
from webapp import create_app
from webapp.cli import cli
from webapp.wiring import opened

SECRET = "acorn-of-the-old-oak"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KB_PASSWORD_FILE", str(tmp_path / "passwords.txt"))
    return tmp_path / "home"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    made = Paper(password=SECRET)
    made.prose(PROSE, LEFT, TOP)
    file = tmp_path / "plan.pdf"
    file.write_bytes(made.content())
    return file


@pytest.fixture
def passwords(tmp_path: Path) -> Path:
    return tmp_path / "passwords.txt"


def write(passwords: Path, words: str) -> None:
    passwords.write_text(words, encoding="utf-8")
    passwords.chmod(0o600)


def run(*arguments: object, typed: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [*map(str, arguments)], input=typed)
    return result.exit_code, f"{result.output} {result.exception or ''}"


def test_a_locked_pdf_is_refused_and_read_once_the_file_has_its_password(
    home: Path, plan: Path, passwords: Path
) -> None:
    code, told = run("ingest", plan)
    assert code == 1
    assert "plan.pdf is locked with a password." in told.replace("\n", " ")
    assert "KB_PASSWORD_FILE" in told
    write(passwords, "beech\n")
    code, told = run("reread", "--failed")
    assert code == 1
    assert "none that is known opens it" in told
    write(passwords, f"beech\n{SECRET}\n")
    assert run("reread", "--failed")[0] == 0
    assert "visits a family" in run("search", "who visits a family")[1]
    kept = [file for file in home.rglob("*") if file.is_file() and not file.name.endswith(".lock")]
    assert kept
    assert not [file for file in kept if SECRET.encode() in file.read_bytes()]


def test_pages_of_a_locked_pdf_are_shown_as_others_are(home: Path, plan: Path, passwords: Path) -> None:
    write(passwords, SECRET)
    assert run("ingest", plan)[0] == 0
    with opened() as services:
        with services.catalog.reading() as transaction:
            (source,) = transaction.sources.all()
        answer = create_app(services).test_client().get(f"/documents/{source.id}/pages/1.png?width=800")
    assert answer.status_code == 200
    assert answer.data.startswith(b"\x89PNG")


def test_inspecting_asks_for_the_password_and_shows_it_nowhere(
    home: Path, plan: Path, tmp_path: Path
) -> None:
    code, told = run("inspect", plan)
    assert code == 1
    assert "is locked with a password" in told
    image = tmp_path / "page.png"
    code, told = run("inspect", plan, "--image", image, "--password", typed=f"{SECRET}\n")
    assert code == 0
    assert "visits a family" in told
    assert SECRET not in told
    assert image.read_bytes().startswith(b"\x89PNG")
    assert run("inspect", plan, "--password", "beech")[0] == 1
