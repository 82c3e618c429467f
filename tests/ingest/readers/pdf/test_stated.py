"""Is what a PDF states of itself believed only where it can be true?"""

from __future__ import annotations

from datetime import date

import pytest

from ingest.readers.pdf.stated import dated
from tests.ingest.readers.pdf.paper import BOLD, LEFT, PROSE, TOP, Paper


def paper(*, title: str, author: str = "", heading: str = "Plans for the night at home") -> Paper:
    made = Paper()
    made.canvas.setTitle(title)
    made.canvas.setAuthor(author)
    made.put(heading, LEFT, TOP, font=BOLD, size=20)
    made.prose(PROSE, LEFT, TOP + 30)
    return made


def test_a_stated_title_that_the_page_says_is_the_title() -> None:
    assert paper(title="Plans for the night").read().title == "Plans for the night"


@pytest.mark.parametrize(
    "title",
    ["Microsoft Word - plan_v3.doc", "PowerPoint Presentation", "untitled", "Flyer2", "Annual Report 1998"],
)
def test_titles_of_programs_and_templates_are_not(title: str) -> None:
    assert paper(title=title).read().title == "Plans for the night at home"


@pytest.mark.parametrize(
    ("stated", "believed"), [("Ana Ruiz", "Ana Ruiz"), ("aruiz", ""), ("Windows User", ""), ("TOSHIBA", "")]
)
def test_authors_are_people(stated: str, believed: str) -> None:
    assert paper(title="", author=stated).read().author == believed


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("D:20210304101500+01'00'", date(2021, 3, 4)),
        ("D:2019", date(2019, 1, 1)),
        ("2020-05-06", date(2020, 5, 6)),
        ("D:20211399", None),
        ("D:19040101", None),
        ("D:29990101", None),
        ("yesterday", None),
    ],
)
def test_dates_are_days_that_can_be_true(stated: str, day: date | None) -> None:
    assert dated(stated) == day
