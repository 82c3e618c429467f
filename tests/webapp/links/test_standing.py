from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.library import services_at, take_in, write
from webapp import create_app
from webapp.links.standing import Standing, StandingKind, standing
from webapp.wiring import Services

PLAN = (
    "A safety plan names the people whom a young person trusts, and the places where she is safe at night.\n"
    "It is written with the young person, and both keep a copy of it."
)
OTHER = "The house has twelve rooms on two floors, a kitchen that all share, and a garden behind the garage."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Services]:
    services = services_at(tmp_path / "home")
    yield services
    services.close()


def changed(
    services: Services, folder: Path, before: dict[str, str], after: dict[str, str]
) -> tuple[str, Standing]:
    """Take in texts, then others; return the id of what "plan" said at first, and where that stands now."""
    take_in(services, write(folder, **before))
    with services.catalog.reading() as transaction:
        source = next(one for one in transaction.sources.all() if one.place == "plan.txt")
        cited = transaction.passages.of_source(source.id)[0].id
    take_in(services, write(folder, **after))
    with services.catalog.reading() as transaction:
        return cited, standing(transaction, transaction.passages.citation(cited))


def test_lines_that_were_wrapped_anew_hold_the_same_words(library: Services, tmp_path: Path) -> None:
    wrapped = PLAN.replace("\n", " ").replace(", and", ",\n\nand")
    _, now = changed(library, tmp_path / "guides", {"plan": PLAN}, {"plan": f"{OTHER}\n\n{wrapped}"})
    assert (now.kind, now.likeness) == (StandingKind.MOVED, 1.0)


def test_words_that_went_to_another_document_are_led_to(library: Services, tmp_path: Path) -> None:
    cited, now = changed(
        library,
        tmp_path / "guides",
        {"plan": PLAN, "house": OTHER},
        {"plan": "Nothing of this is left.", "house": f"{OTHER}\n\n{PLAN}"},
    )
    assert now.kind is StandingKind.MOVED
    assert now.place is not None
    assert now.now is not None
    assert [other.source.place for other in now.elsewhere] == ["house.txt"]
    client = create_app(library).test_client()
    page = client.get(f"/p/{cited}").text
    assert "Another one does, word for word" in page
    document = client.get(f"/documents/{now.now.source_id}?passage={cited}")
    assert document.status_code == 200
    marked = document.text.split(f'id="p-{cited}"')[1].split("</section>")[0]
    assert "both keep a copy" in marked
    assert "twelve rooms" not in marked, "what is marked are the cited words, not the passage around them"


def test_words_that_changed_name_the_document_that_has_them_still(library: Services, tmp_path: Path) -> None:
    cited, now = changed(
        library,
        tmp_path / "guides",
        {"plan": PLAN, "copy": PLAN},
        {"plan": PLAN.replace("young person", "child")},
    )
    assert now.kind is StandingKind.CHANGED
    assert [other.source.place for other in now.elsewhere] == ["copy.txt"]
    assert "The same words stand in" in create_app(library).test_client().get(f"/p/{cited}").text


def test_the_same_words_in_other_letters_are_not_the_same(library: Services, tmp_path: Path) -> None:
    before = "Rent is 10² francs a room.\n\nThe NEW law holds."
    cited, now = changed(
        library,
        tmp_path / "guides",
        {"plan": before},
        {"plan": before.replace("²", "2").replace("NEW", "new")},
    )
    assert now.kind is StandingKind.CHANGED
    with library.catalog.reading() as transaction:
        assert transaction.passages.citation(cited).passage.text == before
    # And back: the first link leads to the first words again.
    take_in(library, write(tmp_path / "guides", plan=before))
    with library.catalog.reading() as transaction:
        assert standing(transaction, transaction.passages.citation(cited)).kind is StandingKind.CURRENT


def test_a_word_is_not_found_in_a_longer_one(library: Services, tmp_path: Path) -> None:
    _, now = changed(library, tmp_path / "guides", {"plan": "No"}, {"plan": "Notice: the desk is closed."})
    assert now.kind is not StandingKind.MOVED
