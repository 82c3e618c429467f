from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

import ingest
import kb.blobs
from kb import errors
from webapp.layout.refusals import in_page_language, refusal

KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type)} - {"SettingsError"}
# A place that holds one of several words, and what holds words of its own: each is tried by itself.
WORDS = {"known.called": "a PDF", "told": "PDF, Markdown", "self._kind": "Word document", "kind": "EPUB book"}
ELSEWHERE = {
    "{label} {_limit(entry.message)}",
    "{what} is locked with a password",
    "{what}: {error.strerror or error}",
}
IN_PLACES = (
    "word/document.xml in the Word document nests its elements more than 256 deep",
    "a chapter of the EPUB book nests its elements more than 256 deep",
    "content.xml in the OpenDocument text holds more than 10 MB in one piece",
    "content.xml in the OpenDocument text uses entities that multiply, as in texts made to fill memory",
    "the document cannot be stored: No space left on device",
    "the archive is locked with a password",
    "the file is locked with a password",
    "the Excel workbook is damaged, or older than Excel 97",
    "page 2: damaged, it cannot be read",
    "page 2: no text layer; install tesseract-ocr",
    "page 2: its text layer has no meaning, and Tesseract could not read it",
    "page 2: no text layer; recognising the pages before it took all the time there is",
    "sheet “Fees” is too long: only its first 50,000 rows were read",
    "the table is too wide: of some rows only 256 cells were read",
    "3 formulas have no saved result; open the workbook, save it, ingest it again",
    "hidden sheets were left out: Notes, Old",
    "hidden slides were left out: 3",
    "hidden rows or columns were left out of: Fees",
    "chapters that are not in the book: 2",
    "the message is damaged: parts of it may be missing",
)


@pytest.fixture(scope="module")
def app() -> Flask:
    """An application that has the translations and nothing else."""
    app = Flask("webapp")
    Babel(app)
    return app


def raised() -> Iterator[str]:
    """Yield an example of each reason that is given where documents are taken in."""
    files = [*Path(ingest.__file__).parent.rglob("*.py"), Path(kb.blobs.__file__)]
    for call in (node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8")))):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id in KINDS
            and call.args
        ):
            reason = call.args[0]
            if isinstance(reason, ast.Constant):
                yield str(reason.value)
            elif isinstance(reason, ast.JoinedStr) and written(reason) not in ELSEWHERE:
                yield example(reason)


def written(reason: ast.JoinedStr) -> str:
    parts = (part.value if isinstance(part, ast.Constant) else f"{{{place(part)}}}" for part in reason.values)
    return "".join(map(str, parts))


def example(reason: ast.JoinedStr) -> str:
    parts = (
        part.value if isinstance(part, ast.Constant) else WORDS.get(place(part), "7")
        for part in reason.values
    )
    return "".join(map(str, parts))


def place(part: ast.expr) -> str:
    return ast.unparse(part.value) if isinstance(part, ast.FormattedValue) else ""


@pytest.mark.parametrize("reason", sorted({*raised(), *IN_PLACES}))
def test_every_reason_is_said_in_spanish(app: Flask, reason: str) -> None:
    with app.test_request_context(), force_locale("es"):
        said = in_page_language(reason)
    assert said is not None
    assert said != reason
    assert "%(" not in said


def test_names_and_figures_stay_and_kinds_of_files_are_translated(app: Flask) -> None:
    reason = "it seems to be an OpenDocument file that is no text, slides or sheets; what can be read: PDF"
    with app.test_request_context(), force_locale("es"):
        assert refusal("budget.pdf has no words") == "<bdi>budget.pdf no tiene palabras.</bdi>"
        assert refusal(reason).startswith("<bdi>Parece ser un archivo de OpenDocument que no es texto,")
        assert refusal("some other <reason>") == '<bdi lang="en">Some other &lt;reason&gt;.</bdi>'
    with app.test_request_context(), force_locale("en"):
        assert refusal("budget.pdf has no words") == "<bdi>budget.pdf has no words.</bdi>"
