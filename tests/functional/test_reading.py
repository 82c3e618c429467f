"""Reading, finding and citing in a real browser: at the desk and on the phone, in both languages, with and
without scripts. One library for all: a long document in parts, a PDF with an outline, a page of the web, and
links of all ages.
"""

import http.server
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.dates import format_date
from playwright.sync_api import Locator, Page, expect

from index.sync import sync
from ingest.fetch import Fetched
from kb.model import Passage
from tests.functional.browsing import PHONE, WAYS, Visit, said
from tests.ingest.readers.pdf.paper import BOLD, LEFT, PROSE, TOP, Paper
from tests.library import services_at, take_in
from webapp.layout import reading
from webapp.passages import STYLES
from webapp.wiring import Services

READING_AND_WRITING = ["clipboard-read", "clipboard-write"]
RETURNING = {
    f"{width} wide {'with' if scripts else 'without'} scripts, {locale}": {
        "viewport": {"width": width, "height": 844}, "locale": locale, "java_script_enabled": scripts
    }
    for width, scripts, locale in (
        (390, True, "es-MX"), (390, False, "en-US"), (768, True, "en-US"), (768, False, "es-MX"),
    )
}  # fmt: skip
SCRIPTED = {name: {**WAYS[name], "permissions": READING_AND_WRITING} for name in list(WAYS)[:2]}
# Machines that run the tests may be busy: what is expected comes, but not always soon.
expect.set_options(timeout=60_000)
all_ways = pytest.mark.parametrize("visit", WAYS.values(), indirect=True, ids=WAYS)
with_scripts = pytest.mark.parametrize("visit", SCRIPTED.values(), indirect=True, ids=SCRIPTED)
two_ways = pytest.mark.parametrize(
    "visit",
    [WAYS["desk"], WAYS["phone without scripts"]],
    indirect=True,
    ids=["desk", "phone without scripts"],
)
without_scripts = pytest.mark.parametrize("visit", list(WAYS.values())[2:], indirect=True, ids=list(WAYS)[2:])

LAMP = "The lamp in room {room} stands on the {side} side and is lit at six by whoever is on duty."
FILLER = "Nothing more is kept here than a chair, a table and what the children leave behind. " * 3
PLAN = (
    "A safety plan names the people whom a young person trusts, and the places where she is safe at night. "
    "It is written with the young person, and both keep a copy of it."
)
GARDEN = "The garden behind the house has {trees} apple trees and a bench on which nobody sits before noon."
OTHER = "The house has twelve rooms on two floors, a kitchen that all share, and a cellar full of bicycles."
SHED = "The shed holds nine ladders, a cart and the tools that the gardener counts each Friday."
WEB = "The county answers questions about the garden from Monday to Friday at the desk on the ground floor"


@dataclass(frozen=True)
class Links:
    """The passages that the tests follow links to."""

    current: Passage
    moved: Passage
    changed: Passage
    removed: Passage
    printed: Passage
    sealed: Passage
    web: Passage


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


def _passage(services: Services, words: str) -> Passage:
    with services.catalog.reading() as transaction:
        found = [
            passage
            for source in transaction.sources.all()
            for passage in transaction.passages.of_source(source.id)
            if words in passage.text
        ]
    (one,) = found
    return one


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


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    with web_page(WEB) as address:
        yield address


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
def links(library: Services, tmp_path_factory: pytest.TempPathFactory) -> Links:
    folder = tmp_path_factory.mktemp("links") / "links"
    folder.mkdir()
    texts = {"plan.txt": PLAN, "garden.txt": GARDEN.format(trees="three"), "shed.txt": SHED}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    take_in(library, folder)
    found = [_passage(library, words) for words in ("safety plan names", "apple trees", "nine ladders")]
    divided = PLAN.replace(". It", ".\n\nIt")
    (folder / "plan.txt").write_text(f"{OTHER}\n\n{divided}", encoding="utf-8")
    (folder / "garden.txt").write_text(GARDEN.format(trees="seven"), encoding="utf-8")
    library.pipeline.remove(found[2].source_id)
    take_in(library, folder / "garden.txt", folder / "plan.txt")
    return Links(
        _passage(library, "The lamp in room 3"), *found,
        _passage(library, "violet folder"), _passage(library, "amber wax"),
        _passage(library, "The county answers"),
    )  # fmt: skip


def link(page: Page, text: str, /, **values: object) -> Locator:
    """Return the link with a text of the templates, in the language of the page."""
    return page.get_by_role("link", name=said(page, text, **values), exact=True)


def document_of(passage: Passage) -> str:
    return f"/documents/{passage.source_id}"


@all_ways
def test_answers_are_narrowed_sorted_and_turned_over_and_the_address_holds_it_all(visit: Visit) -> None:
    page = visit.goto("/search?q=lamp+room")
    page.get_by_text(said(page, "Narrow down and sort")).click()
    link(page, "Newest first").click()
    page.get_by_label(said(page, "From day")).fill("2020-01-02")
    page.get_by_role("button", name=said(page, "Apply")).click()
    languages = page.get_by_role("navigation", name=said(page, "Language"))
    languages.get_by_role("link", name=said(page, "English")).click()
    expect(page.get_by_role("article")).to_have_count(4)
    first = page.get_by_role("article").get_by_role("heading").all_text_contents()
    page.get_by_role("link", name=said(page, "Next")).click()
    expect(page).to_have_url(re.compile("page=2"))
    for part in ("q=lamp", "sort=newest", "since=2020-01-02", "lang=en"):
        assert part in page.url
    second = page.get_by_role("article").get_by_role("heading").all_text_contents()
    assert len(second) == 4
    assert not set(first) & set(second)

    page.goto(page.url)
    assert page.get_by_role("article").get_by_role("heading").all_text_contents() == second
    expect(page.get_by_label(said(page, "From day"))).to_have_value("2020-01-02")
    page.get_by_role("link", name=said(page, "Previous")).click()
    assert page.get_by_role("article").get_by_role("heading").all_text_contents() == first
    link(page, "Best first").click()
    expect(page.locator(".verdict")).to_be_visible()


@all_ways
def test_pages_that_find_nothing_or_know_nothing_lead_on(visit: Visit) -> None:
    page = visit.goto("/search?q=xylophone&lang=es")
    expect(
        page.get_by_role("heading", name=said(page, "Nothing in these documents answers this"))
    ).to_be_visible()
    link(page, "Search all of them").click()
    expect(page).to_have_url(re.compile(r"/search\?q=xylophone$"))
    link(page, "See which documents there are").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said(page, "Documents"))
    visit.expected = "404"
    visit.goto("/nowhere")
    page.get_by_label(said(page, "Your question")).fill("lamp")
    page.get_by_role("button", name=said(page, "Search"), exact=True).click()
    expect(page.get_by_role("article").first).to_be_visible()


@all_ways
def test_an_outline_leads_to_a_heading_in_any_part(visit: Visit, library: Services) -> None:
    page = visit.goto(document_of(_passage(library, "heron of chapter 1 ")))
    expect(page.get_by_text("The heron of chapter 1 waits.")).to_be_visible()
    if visit.is_phone:
        link(page, "Outline").click()
    outline = page.get_by_role("navigation", name=said(page, "Outline"))
    outline.get_by_role("link", name="Chapter 29").click()
    expect(page.get_by_role("heading", name="Chapter 29")).to_be_in_viewport()
    expect(page).to_have_url(re.compile(r"part=\d+#h-\d+$"))
    outline.get_by_role("link", name="Chapter 30").click()
    expect(page.get_by_role("heading", name="Chapter 30")).to_be_in_viewport()


@with_scripts
def test_the_way_to_the_next_place_is_always_in_sight_and_leads_through_all_parts(
    visit: Visit, library: Services
) -> None:
    page = visit.goto(document_of(_passage(library, "heron of chapter 1 ")))
    page.keyboard.press("/")
    box = page.get_by_role("searchbox", name=said(page, "Find in this document"))
    expect(box).to_be_focused()
    page.keyboard.type("HERÓN of chapter 2")
    page.keyboard.press("Enter")
    walk = page.get_by_role("group", name=said(page, "Places of these words"))
    following = walk.get_by_role("button", name=said(page, "Next place"))
    # Chapter 2, and 20 to 29.
    for number, chapter in enumerate((2, *range(20, 30)), start=1):
        expect(walk).to_contain_text(said(page, "Place %(number)s of %(total)s", number=number, total=11))
        expect(page.locator("mark.found.here")).to_be_in_viewport()
        expect(page.locator("p").filter(has=page.locator("mark.found.here"))).to_contain_text(
            f"The heron of chapter {chapter} waits"
        )
        expect(following).to_be_in_viewport(ratio=1)
        following.click()
    expect(walk).to_contain_text(said(page, "Place %(number)s of %(total)s", number=1, total=11))
    walk.get_by_role("button", name=said(page, "Previous place")).click()
    expect(walk).to_contain_text(said(page, "Place %(number)s of %(total)s", number=11, total=11))
    box.press("Enter")
    expect(walk).to_contain_text(said(page, "Place %(number)s of %(total)s", number=1, total=11))


@without_scripts
def test_all_places_are_links_without_scripts(visit: Visit, library: Services) -> None:
    page = visit.goto(document_of(_passage(library, "heron of chapter 1 ")))
    page.get_by_role("searchbox", name=said(page, "Find in this document")).fill("heron of chapter 2")
    page.get_by_role("button", name=said(page, "Find"), exact=True).click()
    page.get_by_text(said(page, "All places")).click()
    page.locator(".found a").last.click()
    expect(page.locator("#f-11")).to_be_in_viewport()
    expect(page.locator(".walk")).to_be_hidden()


@with_scripts
def test_keys_go_from_hit_to_hit_in_a_document_and_copy_its_citation(visit: Visit, library: Services) -> None:
    page = visit.goto(f"{document_of(_passage(library, 'heron of chapter 1 '))}?q=heron+of+chapter+12")
    cited = page.get_by_role("region", name=said(page, "Cited passage"))
    shown = []
    for key in ("j", "j", "k"):
        before = page.url
        page.keyboard.press(key)
        expect(page).not_to_have_url(before)
        expect(cited).to_be_in_viewport()
        shown.append(cited.get_attribute("id"))
    assert shown[0] == shown[2] != shown[1]
    page.keyboard.press("c")
    expect(page.get_by_text(said(page, "The citation was copied."))).to_be_attached()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“")
    assert copied.endswith(str(shown[0]).replace("p-", "/p/"))


@without_scripts
def test_hits_in_a_document_are_links_without_scripts(visit: Visit, library: Services) -> None:
    page = visit.goto(f"{document_of(_passage(library, 'heron of chapter 1 '))}?q=heron+of+chapter+12")
    cited = page.get_by_role("region", name=said(page, "Cited passage"))
    shown = []
    for name in ("Next hit", "Next hit", "Previous hit"):
        before = page.url
        page.get_by_role("link", name=said(page, name)).click()
        expect(page).not_to_have_url(before)
        expect(cited).to_be_in_viewport()
        shown.append(cited.get_attribute("id"))
    assert shown[0] == shown[2] != shown[1]


@with_scripts
def test_each_way_to_cite_is_copied_with_one_click(visit: Visit, links: Links) -> None:
    page = visit.goto(f"/p/{links.current.id}/cite")
    for style in STYLES:
        region = page.get_by_role("region", name=said(page, str(style.name)), exact=True)
        button = region.get_by_role("button")
        button.click()
        expect(button).to_have_text(said(page, "Copied"))
        copied = page.evaluate("navigator.clipboard.readText()")
        sent = page.request.get(f"{visit.address}/p/{links.current.id}/cite.{style.suffix}").text()
        assert copied.strip() == sent.strip()
        assert f"/p/{links.current.id}" in copied
        assert "lamp in room 3" in copied or style.suffix in ("apa.txt", "bib", "csl.json")


@without_scripts
def test_each_way_to_cite_is_a_file_without_scripts(visit: Visit, links: Links) -> None:
    page = visit.goto(document_of(links.current) + f"?passage={links.current.id}")
    link(page, "Cite").click()
    downloads = page.get_by_role("link", name=said(page, "Download"), exact=True)
    assert downloads.count() == len(STYLES) + 1
    expect(page.locator("pre.citation").nth(1)).to_contain_text("> The lamp in room 3")
    with page.expect_download() as started:
        downloads.nth(0).click()
    text = Path(started.value.path()).read_text(encoding="utf-8")
    assert text.strip().endswith(f"/p/{links.current.id}")


@all_ways
def test_a_link_leads_to_its_words_however_old_it_is(visit: Visit, links: Links) -> None:
    page = visit.goto(f"/p/{links.current.id}")
    cited = page.get_by_role("region", name=said(page, "Cited passage"))
    expect(cited).to_contain_text("The lamp in room 3")
    expect(cited).to_be_in_viewport()

    visit.goto(f"/p/{links.moved.id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        said(page, "These words now stand in another passage")
    )
    link(page, "Read it in the document").click()
    expect(cited).to_contain_text("whom a young person trusts")
    expect(cited).not_to_contain_text("bicycles")

    visit.goto(f"/p/{links.changed.id}")
    expect(page.locator("del")).to_have_text("three")
    expect(page.locator("ins")).to_have_text("seven")
    link(page, "Read it in the document").click()
    expect(cited).to_contain_text("seven apple trees")

    visit.expected = "410"
    visit.goto(f"/p/{links.removed.id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        said(page, "This passage is no longer in the documents")
    )
    expect(page.get_by_role("main")).to_contain_text("nine ladders")
    expect(page.get_by_role("main").locator(".lead time")).to_be_visible()


@all_ways
def test_a_page_of_the_web_opens_at_the_cited_words(visit: Visit, links: Links, web: str) -> None:
    visit.expected = web
    page = visit.goto(f"/p/{links.web.id}")
    original = link(page, "On the web page")
    assert str(original.get_attribute("href")).startswith(f"{web}#:~:text=The%20county%20answers")
    original.click()
    expect(page.get_by_text(WEB)).to_be_in_viewport()


@all_ways
def test_a_printed_page_is_turned_enlarged_and_reached_by_its_outline(visit: Visit, links: Links) -> None:
    page = visit.goto(f"{document_of(links.printed)}/pages/3?passage={links.printed.id}&q=violet+folder")
    cited = page.get_by_role("region", name=said(page, "Cited passage"))
    expect(page.locator(".sheet rect").first).to_be_attached()
    expect(cited).to_contain_text("violet folder")
    link(page, "150 %").click()
    expect(page.locator(".sheet.zoom-150")).to_be_visible()
    above = page.get_by_role("navigation", name=said(page, "Pages, above the picture"))
    above.get_by_role("link", name=said(page, "Previous page")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said(page, "Page %(page)s", page=2))
    expect(page.locator(".sheet.zoom-150")).to_be_visible()
    expect(page.locator(".sheet rect")).to_have_count(0)
    page.get_by_text(said(page, "Outline"), exact=True).click()
    page.locator(".outline").get_by_role("link", name="Writing notes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said(page, "Page %(page)s", page=1))


@pytest.mark.parametrize("visit", RETURNING.values(), indirect=True, ids=RETURNING)
def test_pages_lead_back_to_where_their_reader_came_from(visit: Visit, links: Links) -> None:
    page = visit.goto("/search?q=violet+folder&lang=en&sort=oldest")
    answers = page.url
    hit = page.locator(f"#p-{links.printed.id}")
    hit.get_by_role("link", name=said(page, "Cite"), exact=True).click()
    page.get_by_role("link", name=said(page, "Back to the answers")).click()
    expect(page).to_have_url(f"{answers}#p-{links.printed.id}")
    hit.locator(".facts a").click()
    page.get_by_role("link", name=said(page, "Next page")).or_(
        page.get_by_role("link", name=said(page, "Previous page"))
    ).first.click()
    page.get_by_role("link", name=said(page, "Back to the answers")).click()
    expect(page).to_have_url(re.compile(re.escape(answers)))
    hit.get_by_role("heading").get_by_role("link").click()
    document = page.url
    link(page, "See it on the page").click()
    link(page, "Cite").click()
    link(page, f"← {said(page, 'Back')}").click()
    expect(page).to_have_url(re.compile(r"/pages/3\?"))
    link(page, "Read it in the document").click()
    expect(page).to_have_url(document)
    link(page, "Cite").click()
    link(page, f"← {said(page, 'Back')}").click()
    expect(page).to_have_url(document)
    link(page, "Back to the answers").click()
    expect(page).to_have_url(answers)


LOW = {"width": 1200, "height": 360}
# How far does what is marked stand out of the box that it is scrolled in?
OUT = """(name) => Array.from(document.querySelectorAll(".facing > *"), (column) => {
    const [mark, box] = [column.querySelector(name), column].map((one) => one?.getBoundingClientRect());
    return mark ? Math.max(box.top - mark.top, mark.top + 10 - box.bottom) : 0;
})"""


@pytest.mark.parametrize(
    "visit", [{"viewport": LOW}, {"viewport": PHONE}], indirect=True, ids=["low", "phone"]
)
def test_picture_and_text_of_a_page_are_scrolled_to_the_cited_words(visit: Visit, links: Links) -> None:
    page = visit.goto(f"{document_of(links.sealed)}/pages/4?passage={links.sealed.id}")
    expect(page.get_by_role("region", name=said(page, "Cited passage"))).to_contain_text("amber wax")
    page.wait_for_load_state("load")
    assert max(page.evaluate(OUT, "rect, .cited")) <= 0
    if not visit.is_phone:
        scrolled = page.evaluate(
            "Array.from(document.querySelectorAll('.facing > *'), (one) => one.scrollTop)"
        )
        assert min(scrolled) > 0


@all_ways
def test_nothing_is_drawn_where_the_place_of_the_words_is_not_sure(
    visit: Visit, links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.pages.sure_boxes", lambda *_: [])
    page = visit.goto(f"{document_of(links.printed)}/pages/3?passage={links.printed.id}")
    note = (
        "Where on the page the cited words stand is not known for sure, so nothing is marked in the picture. "
    )
    expect(page.get_by_text(said(page, note + "They are marked in the text."))).to_be_visible()
    expect(page.locator(".sheet rect")).to_have_count(0)
    expect(page.get_by_role("region", name=said(page, "Cited passage"))).to_contain_text("violet folder")


@two_ways
def test_dates_and_numbers_follow_the_language_that_is_chosen(visit: Visit, links: Links) -> None:
    page = visit.goto(document_of(links.printed))
    for code, name in (("es", "Español"), ("en", "English")):
        if page.locator("html").get_attribute("lang") != code:
            page.get_by_role("link", name=name).click()
        expect(page.locator("html")).to_have_attribute("lang", code)
        fetched = page.locator(".provenance time").last
        day = date.fromisoformat(str(fetched.get_attribute("datetime"))[:10])
        expect(fetched).to_have_text(format_date(day, "long", locale=code))
        expect(page.locator(".size").last).to_have_text(
            re.compile(r"^\d+,\d kB" if code == "es" else r"^\d+\.\d kB")
        )
        visit.goto("/")
        expect(page.locator("html")).to_have_attribute("lang", code)
        visit.goto(document_of(links.printed))


@all_ways
def test_the_programming_interface_is_tried_on_its_page(visit: Visit, links: Links) -> None:
    visit.expected = "404"  # Beside JSON that is shown as a page, Chromium asks for a picture.
    page = visit.goto("/api/docs")
    operation = page.locator(".operation").filter(has=page.get_by_text("GET /api/v1/search", exact=True))
    operation.get_by_role("textbox").first.fill("lamp in room 3")
    operation.get_by_role("button").first.click()
    answer = operation.locator("output pre") if visit.has_scripts else page.locator("body")
    expect(answer).to_contain_text(
        f'"passage_id": "{links.current.id}"' if visit.has_scripts else links.current.id
    )
    if visit.has_scripts:
        expect(operation.locator("output")).to_contain_text("200 OK")
