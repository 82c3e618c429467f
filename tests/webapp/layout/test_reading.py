import re

import pytest

from kb.model import Block, BlockKind, Document, Passage
from webapp.layout import reading
from webapp.layout.reading import lay_out


def document_of(count: int) -> tuple[Document, list[Passage]]:
    """Return a document of sections, each a heading and a paragraph, and a passage for each section."""
    blocks, passages, texts, at = [], [], [], 0
    for number in range(count):
        heading, words = f"Section {number}", f"Words of section {number}."
        start = at
        blocks.append(Block(BlockKind.HEADING, at, at + len(heading), level=1, language="en"))
        at += len(heading) + 2
        blocks.append(Block(BlockKind.PARAGRAPH, at, at + len(words), language="en"))
        at += len(words)
        texts.append(f"{heading}\n\n{words}")
        passages.append(Passage(f"p{number}", "s", number, start, at, texts[-1], (heading,), "en"))
        at += 2
    return Document("Title", "en", "\n\n".join(texts), tuple(blocks), "text/plain"), passages


def test_every_passage_has_an_anchor_and_the_cited_one_is_apart() -> None:
    document, passages = document_of(3)
    layout = lay_out(document, passages, cited=passages[1], part=1, anchor_label="Link")
    assert re.findall('id="p-([^"]+)"', layout.before + layout.after) == ["p0", "p2"]
    assert "Words of section 1." in layout.cited
    assert "section 1" not in layout.before + layout.after
    assert [entry.text for entry in layout.outline] == ["Section 0", "Section 1", "Section 2"]


def test_a_heading_that_is_the_title_is_not_shown_twice_but_its_passage_is_still_linked() -> None:
    document, passages = document_of(2)
    titled = Document("SECTION 0", "en", document.text, document.blocks, "text/plain")
    layout = lay_out(titled, passages, cited=None, part=1, anchor_label="Link")
    assert "Section 0" not in layout.before
    assert 'id="p-p0"' in layout.before
    assert [entry.text for entry in layout.outline] == ["Section 1"]


def test_a_long_document_comes_in_parts_that_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PART", 100)
    document, passages = document_of(20)
    seen: list[str] = []
    layout = lay_out(document, passages, cited=None, part=1, anchor_label="")
    for part in range(1, layout.parts + 1):
        layout = lay_out(document, passages, cited=None, part=part, anchor_label="")
        seen += re.findall('id="p-([^"]+)"', layout.before)
    assert layout.parts > 3
    assert seen == [passage.id for passage in passages]


def test_the_outline_of_every_part_leads_to_the_headings_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PART", 100)
    document, passages = document_of(20)
    layout = lay_out(document, passages, cited=None, part=2, anchor_label="")
    assert [entry.text for entry in layout.outline] == [f"Section {number}" for number in range(20)]
    for entry in layout.outline:
        shown = lay_out(document, passages, cited=None, part=entry.part, anchor_label="").before
        assert f'id="{entry.anchor}"' in shown


def test_the_part_that_holds_the_cited_passage_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PART", 100)
    document, passages = document_of(20)
    for passage in passages:
        layout = lay_out(document, passages, cited=passage, part=1, anchor_label="")
        assert f"Words of section {passage.ordinal}." in layout.cited


@pytest.mark.parametrize("asked", [-3, 0, 1, 999])
def test_a_part_that_is_not_there_is_the_nearest(asked: int) -> None:
    document, passages = document_of(2)
    assert lay_out(document, passages, cited=None, part=asked, anchor_label="").part == 1
