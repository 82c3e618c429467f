"""Who reads: at the desk and on the phone, in both languages, with and without scripts; and which links they
follow.
"""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from kb.model import Passage
from tests.functional.browsing import WAYS, said
from webapp.wiring import Services

READING_AND_WRITING = ["clipboard-read", "clipboard-write"]
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


def link(page: Page, text: str, /, **values: object) -> Locator:
    """Return the link with a text of the templates, in the language of the page."""
    return page.get_by_role("link", name=said(page, text, **values), exact=True)


def document_of(passage: Passage) -> str:
    return f"/documents/{passage.source_id}"


def passage_with(services: Services, words: str) -> Passage:
    """Return the one passage of a library that has these words."""
    with services.catalog.reading() as transaction:
        found = [
            passage
            for source in transaction.sources.all()
            for passage in transaction.passages.of_source(source.id)
            if words in passage.text
        ]
    (one,) = found
    return one
