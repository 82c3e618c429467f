"""One library for all that read here: a long document in parts, a PDF with an outline, a page of the web, and
links of all ages.
"""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from index.sync import sync
from ingest.fetch import Fetched
from tests.functional.reading.visitors import WEB, Links, document_of, passage_with
from tests.ingest.readers.pdf.paper import BOLD, LEFT, PROSE, TOP, Paper
from tests.library import services_at, take_in
from webapp.layout import reading
from webapp.wiring import Services

LAMP = "The lamp in room {room} stands on the {side} side and is lit at six by whoever is on duty."
FILLER = "Nothing more is kept here than a chair, a table and what the children leave behind. " * 3
PLAN = (
    "A safety plan names the people whom a young person trusts, and the places where she is safe at night. "
    "It is written with the young person, and both keep a copy of it."
)
GARDEN = "The garden behind the house has {trees} apple trees and a bench on which nobody sits before noon."
OTHER = "The house has twelve rooms on two floors, a kitchen that all share, and a cellar full of bicycles."
SHED = "The shed holds nine ladders, a cart and the tools that the gardener counts each Friday."


def _paper() -> bytes:
    paper = Paper()
    for number, title in enumerate(("Writing notes", "Signing notes", "Keeping notes"), start=1):
        top = paper.put(title, LEFT, TOP, font=BOLD, size=18)
        top = paper.prose(PROSE, LEFT, top + 10)
        if number == 3:
            paper.prose(
                "The archive keeps the notes in a violet folder for seven years. " * 4, LEFT, top + 500
            )
        paper.page()
    top = paper.put("Sealing notes", LEFT, TOP, font=BOLD, size=18)
    for _ in range(5):
        top = paper.prose(PROSE, LEFT, top + 10)
    top = paper.put("Wax", LEFT, top + 30, font=BOLD, size=18)
    paper.prose("The registrar keeps the amber wax in the third drawer. " * 4, LEFT, top + 10)
    return paper.content()


def _sections() -> str:
    return "# The long book\n\n" + "".join(
        f"## Chapter {number}\n\nThe heron of chapter {number} waits. {FILLER}\n\n" for number in range(1, 31)
    )


@contextmanager
def web_page(text: str) -> Iterator[str]:
    """Serve a page of the web that is long, with a text at its end; yield its address."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<title>Desk</title>{'<p>Other words.</p>' * 200}<p>{text}.</p>".encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/desk"
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture(scope="package")
def web() -> Iterator[str]:
    with web_page(WEB) as address:
        yield address


@pytest.fixture(scope="package")
def library(tmp_path_factory: pytest.TempPathFactory, web: str) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("reading")
    services = services_at(folder / "home", results_per_page=4)
    house = folder / "house"
    house.mkdir()
    for room in range(1, 9):
        side = "garden" if room % 2 else "street"
        text = f"# Room {room}\n\n{LAMP.format(room=room, side=side)}\n"
        (house / f"room-{room}.md").write_text(text, encoding="utf-8")
    (house / "long.md").write_text(_sections(), encoding="utf-8")
    (house / "notes.pdf").write_bytes(_paper())
    (house / "lámpara.md").write_text(
        "# La lámpara\n\nLa lámpara se enciende a las seis.\n", encoding="utf-8"
    )
    take_in(services, house)
    page = f"<html><head><title>Desk</title></head><body><p>{WEB}.</p></body></html>".encode()
    services.pipeline.accept(Fetched("web", web, web, "desk", page, datetime(2026, 1, 2, tzinfo=UTC)))
    services.pipeline.read_next()
    sync(services.catalog, services.generations, wait=5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "PART", 3000)
        yield services
    services.close()


@pytest.fixture(scope="package")
def links(library: Services, tmp_path_factory: pytest.TempPathFactory) -> Links:
    folder = tmp_path_factory.mktemp("links") / "links"
    folder.mkdir()
    texts = {"plan.txt": PLAN, "garden.txt": GARDEN.format(trees="three"), "shed.txt": SHED}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    take_in(library, folder)
    found = [passage_with(library, words) for words in ("safety plan names", "apple trees", "nine ladders")]
    divided = PLAN.replace(". It", ".\n\nIt")
    (folder / "plan.txt").write_text(f"{OTHER}\n\n{divided}", encoding="utf-8")
    (folder / "garden.txt").write_text(GARDEN.format(trees="seven"), encoding="utf-8")
    library.pipeline.remove(found[2].source_id)
    take_in(library, folder / "garden.txt", folder / "plan.txt")
    return Links(
        passage_with(library, "The lamp in room 3"), *found,
        passage_with(library, "violet folder"), passage_with(library, "amber wax"),
        passage_with(library, "The county answers"),
    )  # fmt: skip


@pytest.fixture
def book(library: Services) -> str:
    """Return the address of the long document."""
    return document_of(passage_with(library, "heron of chapter 1 "))
