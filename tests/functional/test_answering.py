"""What an answer tells beside its passages, as people meet it: in a real browser on a served library."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.functional.browsing import WAYS, Visit, said
from tests.library import services_at, take_in
from webapp.wiring import Services

expect.set_options(timeout=60_000)

PAGE = """<html lang="en"><head><title>{title}</title>
<meta property="article:published_time" content="{day}T08:00:00Z"></head>
<body><main><article><h1>{title}</h1><p>{words}</p></article></main></body></html>"""
CARE = (
    "The Night Care Center (NCC) on Grove Street takes young people at any hour and gives out {beds} beds. "
    "Who comes later rings the bell at the side door. The person on duty keeps the book, and breakfast is "
    "from seven to nine. Nobody has to leave before the bus to school has come and gone."
)
RULES = """# House rules

## Visits

Relatives of children at the NCC visit on Sunday. They bring a card with a photograph.

## Laundry

The laundry is open on Tuesday. Wet boots stay in the hall, and nobody washes them in the kitchen.

## Winter

The yard of the Night Care Center is locked in winter, and its key is with the cook.
"""
REGLAS = """# Reglas de la casa

## Visitas

Los familiares de los niños vienen el domingo. Muestran una fotografía en la recepción.
"""
DIARY = "# Diary of the garden\n\n" + "\n\n".join(
    f"## Week {week}\n\nIn week {week} the gardener planted bed number {week} with {plant}, and watered it."
    for week, plant in enumerate("beans leeks kale mint sage thyme peas corn dill chard".split() * 3, start=1)
)
FILES = {
    "web/care.html": PAGE.format(title="Night care", day="2021-03-03", words=CARE.format(beds=24)),
    "print/care.html": PAGE.format(
        title="Care, printed",
        day="2024-05-05",
        words=CARE.format(beds=24).replace("book, and", "book and"),
    ),
    "old/care.html": PAGE.format(title="Care before", day="2019-01-01", words=CARE.format(beds=18)),
    "web/rules.md": RULES,
    "web/reglas.md": REGLAS,
    "garden/diary.md": DIARY,
}
BEDS = "/search?q=how+many+beds+does+the+night+care+have"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("answering")
    services = services_at(folder / "home", results_per_page=4)
    for name, text in FILES.items():
        path: Path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    take_in(services, *(folder / name for name in ("web", "print", "old", "garden")))
    yield services
    services.close()


def hits(page: Page) -> Locator:
    return page.locator("article.hit")


def walked(page: Page) -> list[str]:
    """Return the addresses of the passages on this page and all that follow it."""
    found = []
    while True:
        found += [str(link.get_attribute("href")) for link in page.locator("article a.permalink").all()]
        onward = page.get_by_role("link", name="Next", exact=False).and_(page.locator("[rel=next]"))
        if onward.count() == 0:
            return found
        number = page.locator("nav.paging span").inner_text()
        onward.click()
        expect(page.locator("nav.paging span")).not_to_have_text(number)


def test_a_short_form_is_explained_where_it_stands_and_leads_to_its_source(visit: Visit) -> None:
    page = visit.goto("/search?q=when+do+relatives+visit")
    first = hits(page).first
    short = first.locator("abbr", has_text="NCC")
    short.hover()
    expect(short).to_have_attribute("title", "Night Care Center")
    first.get_by_role("link", name="Night Care Center").click()
    expect(page.get_by_role("region", name="Cited passage")).to_contain_text("Night Care Center (NCC)")


def test_what_was_searched_for_besides_is_switched_off_and_on(visit: Visit) -> None:
    page = visit.goto("/search?q=NCC+sunday")
    told = page.locator("p.expanded")
    expect(told).to_have_text(re.compile(r"Also searched for:\s+“?Night Care Center"))
    count = page.locator(".total").inner_text()
    told.get_by_role("link", name="Search my words only").click()
    expect(told).to_have_text(re.compile("Not searched for:"))
    expect(page.locator(".total")).not_to_have_text(count)
    told.get_by_role("link", name="Search for them too").click()
    expect(page.locator(".total")).to_have_text(count)


def test_synonyms_that_are_written_down_are_searched_for_at_once(visit: Visit, library: Services) -> None:
    page = visit.goto("/search?q=galoshes")
    expect(page.get_by_role("heading", name="Nothing in these documents answers this")).to_be_visible()
    path = library.search.synonyms.path
    path.write_text("galoshes, boots\n", encoding="utf-8")
    try:
        page.reload()
        expect(page.locator("p.expanded")).to_contain_text("boots")
        expect(hits(page).first.locator("mark")).to_have_text("boots")
    finally:
        path.unlink()
    page.reload()
    expect(page.get_by_role("heading", name="Nothing in these documents answers this")).to_be_visible()


def test_a_mistyped_question_is_offered_as_it_was_meant(visit: Visit) -> None:
    page = visit.goto("/search?q=when+is+the+laundrry+open")
    page.get_by_role("link", name="when is the laundry open").click()
    expect(page.get_by_label("Your question")).to_have_value("when is the laundry open")
    expect(page.get_by_text("Did you mean:")).to_have_count(0)
    expect(hits(page).first.locator("strong.best").first).to_contain_text("The laundry is open on Tuesday.")


def test_what_is_typed_is_completed_from_titles_and_words(visit: Visit) -> None:
    page = visit.goto("/")
    box = page.get_by_label("Your question")
    box.press_sequentially("hou", delay=20)
    options = page.get_by_role("option")
    expect(options.first).to_have_text("House rules")
    box.fill("")
    box.press_sequentially("fotog", delay=20)
    expect(options).to_have_text(["fotografía"])
    box.press("ArrowDown")
    box.press("Enter")
    expect(hits(page).first.locator("mark").first).to_have_text("fotografía")


def test_suggestions_come_from_the_collection_that_was_chosen(visit: Visit) -> None:
    page = visit.goto("/search?q=bed&collection=garden")
    box = page.get_by_label("Your question")
    box.fill("")
    with page.expect_response("**/api/v1/suggest?*") as answered:
        box.press_sequentially("laun", delay=20)
    assert answered.value.json()["suggestions"] == []
    expect(page.get_by_role("option")).to_have_count(0)


def test_the_sentence_that_answers_is_set_off(visit: Visit) -> None:
    page = visit.goto("/search?q=que+dia+vienen+los+familiares")
    best = hits(page).first.locator("strong.best")
    expect(best).to_have_text("Los familiares de los niños vienen el domingo.")
    expect(best.locator("mark")).to_have_text(["familiares", "vienen"])


@pytest.mark.parametrize(
    ("question", "said", "lacking"),
    [
        ("when is the laundry open", "Strong match.", []),
        ("is the laundry free for visitors", "Partial match.", ["free", "visitors"]),
        ("which lawyer wrote the contract about boots", "Weak match.", ["lawyer", "wrote", "contract"]),
    ],
)
def test_how_well_it_fits_is_said_with_the_words_that_are_missing(
    visit: Visit, question: str, said: str, lacking: list[str]
) -> None:
    page = visit.goto(f"/search?q={question.replace(' ', '+')}")
    verdict = page.get_by_role("status").filter(has_text="match")
    expect(verdict.locator("b")).to_have_text(said)
    expect(verdict.locator("q")).to_have_text(lacking)
    assert hits(page).count() > 0


def test_copies_take_one_place_and_what_differs_is_one_click_away(visit: Visit) -> None:
    page = visit.goto("/search?q=when+is+breakfast+at+the+night+care")
    first = hits(page).first
    expect(first.get_by_role("heading", level=2)).to_have_text("Care, printed")
    also = first.locator("p.also").filter(has_text="Also in:")
    expect(also.get_by_role("link", name="Night care")).to_be_visible()
    also.get_by_role("link", name="in nearly the same words").click()
    expect(page.locator("del")).to_have_text(["Night care", ","])


def test_documents_that_disagree_are_shown_with_both_figures_and_their_days(visit: Visit) -> None:
    page = visit.goto(BEDS)
    told = page.get_by_role("region", name="Documents disagree")
    expect(told.get_by_role("heading")).to_have_text("Documents disagree on this figure")
    expect(told.locator("li > strong")).to_have_text(["24", "18"])
    expect(told.get_by_role("listitem").first).to_contain_text("May 5, 2024")
    expect(told.get_by_role("listitem").last).to_contain_text("January 1, 2019")
    told.get_by_role("link", name="Compare the passages word by word").click()
    expect(page.locator("del", has_text="18")).to_be_visible()
    expect(page.locator("ins", has_text="24")).to_be_visible()


def test_a_contradiction_that_was_not_asked_about_stands_with_its_passage(visit: Visit) -> None:
    page = visit.goto("/search?q=who+keeps+the+book")
    told = page.get_by_role("region", name="Documents disagree")
    assert told.count() == hits(page).get_by_role("region", name="Documents disagree").count() > 0


def test_every_count_is_that_of_the_passages_it_leads_to(visit: Visit) -> None:
    page = visit.goto("/search?q=number+bed+care")
    page.locator("details.narrow summary").click()
    pills = page.locator("a.pill:has(.count)")
    assert pills.count() > 8
    for address, count in [
        (pill.get_attribute("href"), pill.locator(".count").inner_text()) for pill in pills.all()
    ]:
        if count == "0":
            continue
        page.goto(visit.address + str(address))
        expect(page.locator(".total")).to_have_text(re.compile(rf"^{count} passages? match"))


def test_all_pages_together_hold_each_passage_once(visit: Visit) -> None:
    address = "/search?q=which+bed+did+the+gardener+plant"
    passages = walked(visit.goto(address))
    assert len(passages) == len(set(passages)) > 12
    assert walked(visit.goto(address)) == passages
    newest = walked(visit.goto(f"{address}&sort=newest"))
    assert set(newest) == set(passages)
    narrowed = walked(visit.goto(f"{address}&collection=garden"))
    assert narrowed == [one for one in passages if one in narrowed]


def test_documents_come_by_their_days_and_both_days_of_a_span_are_in_it(visit: Visit) -> None:
    page = visit.goto("/search?q=night+care+center+beds")
    page.locator("details.narrow summary").click()
    page.get_by_role("link", name="Oldest first").click()
    expect(page.locator("article.hit h2").first).to_have_text("Care before")
    page.get_by_label("From day").fill("2019-01-01")
    page.get_by_label("To day").fill("2021-03-03")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("article.hit h2")).to_have_text(["Care before", "Night care"])
    page.get_by_label("From day").fill("2019-01-02")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("article.hit h2")).to_have_text(["Night care"])
    expect(page.get_by_role("link", name="Oldest first")).to_have_attribute("aria-current", "true")


def test_passages_like_one_are_found_without_it_and_its_copies(visit: Visit) -> None:
    page = visit.goto("/search?q=number+7+with+peas")
    own = hits(page).first.locator("a.permalink").get_attribute("href")
    hits(page).first.get_by_role("link", name="Passages like this one").click()
    expect(page.get_by_role("heading", name="Passages about the same as this one")).to_be_visible()
    expect(page.get_by_role("region", name="Passages about the same").locator("blockquote")).to_contain_text(
        "peas"
    )
    assert own not in walked(page)


def test_why_a_passage_stands_there_is_told_in_words_that_add_up(visit: Visit) -> None:
    page = visit.goto("/search?q=when+is+breakfast+at+the+night+care")
    reasons = hits(page).first.locator("details.reasons")
    reasons.get_by_text("Why here?").click()
    expect(reasons).to_contain_text(re.compile(r"“breakfast” is there: 1 × in the text \(“breakfast”\)"))
    expect(reasons).to_contain_text("One more document says the same.")
    *parts, whole = [float(cell.inner_text() or 0) for cell in reasons.locator("td").all()]
    assert sum(parts) == pytest.approx(whole, abs=0.05)


@pytest.mark.parametrize("visit", WAYS.values(), indirect=True, ids=WAYS)
def test_what_an_answer_offers_is_there_for_everybody(visit: Visit, library: Services) -> None:
    page = visit.goto("/search?q=when+is+the+laundrry+open")
    page.get_by_role("link", name="when is the laundry open").click()
    expect(page.get_by_text(said(page, "Strong match."))).to_be_visible()
    visit.goto("/search?q=which+lawyer+wrote+the+contract+about+boots")
    expect(page.get_by_text(said(page, "Weak match."))).to_be_visible()
    visit.goto(BEDS)
    told = page.get_by_role("region", name=said(page, "Documents disagree"))
    told.get_by_role("link", name=said(page, "Compare the passages word by word")).click()
    expect(page.locator("del", has_text="18")).to_be_visible()
    visit.goto("/search?q=number+7+with+peas")
    hits(page).first.get_by_role("link", name=said(page, "Passages like this one")).click()
    expect(
        page.get_by_role("heading", name=said(page, "Passages about the same as this one"))
    ).to_be_visible()
    visit.goto("/search?q=number+7+with+peas")
    reasons = hits(page).first.locator("details.reasons")
    reasons.locator("summary").click()
    if not visit.has_scripts:
        reasons.get_by_role("link").click()
    expect(page.get_by_text(said(page, "Together"), exact=True)).to_be_visible()


@pytest.mark.parametrize("visit", WAYS.values(), indirect=True, ids=WAYS)
def test_an_answer_is_marked_and_its_question_reported_for_everybody(visit: Visit, library: Services) -> None:
    question = f"which key is with the cook {'and why' if visit.is_phone else 'in winter'}"
    page = visit.goto(f"/search?q={question.replace(' ', '+')}&lang=en")
    first, thanks = hits(page).first, said(page, "Thank you: your mark is kept.")
    if visit.has_scripts:
        first.get_by_role("button", name=said(page, "Answers it")).click()
        expect(first.get_by_role("status")).to_have_text(thanks)
    else:
        first.get_by_role("link", name=said(page, "Does this answer it?")).click()
        page.get_by_role("button", name=said(page, "Answers it")).click()
        expect(page.get_by_text(thanks)).to_be_visible()
    assert library.recorder is not None
    library.recorder.settle()
    visit.goto("/admin/")
    page.get_by_role("link", name=said(page, "What is asked, and what finds no answer")).click()
    expect(page.get_by_role("row").filter(has_text=question)).to_be_visible()


def test_a_million_characters_pasted_into_the_box_are_searched_as_far_as_they_go(visit: Visit) -> None:
    page = visit.goto("/")
    box = page.get_by_label("Your question")
    box.focus()
    page.keyboard.insert_text("when is the laundry open " * 40_000)
    box.press("Enter")
    expect(
        page.get_by_text("This question is very long: only its beginning was searched for.")
    ).to_be_visible()
    expect(hits(page).first).to_contain_text("The laundry is open on Tuesday.")


SCRIPTED = {
    name: {**WAYS[name], "permissions": ["clipboard-read", "clipboard-write"]}
    for name in ("desk", "phone in Spanish")
}


@pytest.mark.parametrize("visit", SCRIPTED.values(), indirect=True, ids=SCRIPTED)
def test_what_scripts_add_to_a_search_speaks_both_languages(visit: Visit) -> None:
    page = visit.goto("/")
    page.get_by_label(said(page, "Your question")).press_sequentially("hou", delay=20)
    page.get_by_role("option", name="House rules").first.click()
    button = hits(page).first.get_by_role("button", name=said(page, "Copy link"))
    button.click()
    expect(hits(page).first.get_by_role("button", name=said(page, "Copied"))).to_be_visible()
    assert "/p/" in page.evaluate("navigator.clipboard.readText()")
    page.locator("main").focus()
    for _ in range(2):
        page.keyboard.press("j")
    expect(hits(page).nth(1).locator("h2 a")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("c")
    expect(page.get_by_text(said(page, "The citation was copied."))).to_be_attached()
    assert page.evaluate("navigator.clipboard.readText()").startswith("“")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name=said(page, "Keys on these pages"))
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    expect(page).to_have_url(re.compile("/documents/"))
    visit.goto("/")
    recent = page.get_by_role("region", name=said(page, "Recent searches"))
    expect(recent.get_by_role("link", name="House rules")).to_be_visible()
    page.keyboard.press("Escape")
    recent.get_by_role("button", name=said(page, "Forget them")).click()
    expect(recent).to_be_hidden()
