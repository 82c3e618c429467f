"""Which of a page's pieces belong to its article, if it is one?

trafilatura judges which words are an article's; the words themselves, their kinds and their order are always
our own walk's. A page that does not claim to be an article is not judged: on a page of offices, programs or
questions a judge of articles would lose what people look for. In an article, too, tables, questions and what
gives a number to call stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from bs4 import BeautifulSoup, Tag

from ingest.readers.html.contact import is_urgent, reaches
from ingest.readers.html.content import Content, content_of, leads_away
from ingest.readers.html.meta import Stated
from ingest.readers.html.tags import HEADINGS, children_of
from ingest.readers.html.walk import Found, pieces
from ingest.readers.shared.compose import Piece
from kb.model import BlockKind
from kb.text import canonical_line

_WORD = re.compile(r"\w+")
_SHINGLE = 3
# Of the words of a page that claims to be an article, the judge must take this share: comments may be many
# times longer. A page that may be one must be little else.
_ARTICLE_SHARE, _MAYBE_SHARE = 0.05, 0.5
_BOX = 700
_LONGEST_INVITATION = 300
# Lines between the paragraphs of an article that lead elsewhere: to another article, a channel, a newsletter.
_INVITATIONS = (
    re.compile(
        r"\W*(?:(?:also )?read(?: more| also| next)?|see (?:also|more)|related(?: \w+)?|more(?: on this)?"
        r"|don[’']t miss|watch(?: now)?|recommended|you may also like|le[ae]r?(?: también| más)?"
        r"|v[ée]a?r?(?: también| más)?|mir[ae](?: también)?|puedes? (?:ver|leer)|(?:le|te) puede interesar"
        r"|también (?:te|le) puede interesar|no te (?:lo )?pierdas"
        r"|(?:notas?|contenidos?|noticias?|artículos?) relacionad[oa]s?)\s*[:|»]",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?=.*\b(?:follow|find|join|like|s[íi]gu[ea]n?(?:os|eme)?|siga(?:nos)?|seguir|únete|visit|mira)\b)"
        r".*\b(?:facebook|twitter|instagram|telegram|whatsapp|youtube|tiktok|linkedin)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?=.*\b(?:subscribe|sign up|get|download|suscr[ií]b\w*|reg[ií]strate|recib[ea]|descarga|log in"
        r"|to (?:view|read)|start)\b)"
        r".*\b(?:newsletters?|inbox|subscri(?:ber|ption)s?|full story|\w+ apps?(?: for ios.*)?\W*$"
        r"|suscripci\w+|suscriptor\w*|bolet[ií]n\w*)",
        re.IGNORECASE,
    ),
    re.compile(r"\W*hazte (?:miembro|soci[oa]|suscriptor)\b", re.IGNORECASE),
)
_NOTHING, _LOWEST = 0, 9
_PARAGRAPHS = frozenset({"p", "ul", "ol", "section"})
_STRUCTURED = frozenset({"caption", "dl", "details"})
# Of an article's captions those of charts stay; those of photographs cost .004 of F1 as measured.
_CHART = re.compile(
    r"\W*(?:fig(?:ure|ura)?|chart|table|map|diagram|graph|source|tabla|gráfic[oa]|cuadro|mapa|fuente)\b[\s.:]*",
    re.IGNORECASE,
)


def content_pieces(soup: BeautifulSoup, says: Stated, markup: str) -> list[Piece]:
    """Return the pieces of a page's content, in reading order."""
    content = content_of(soup)
    found = [one for root in (content.root, *content.beside) for one in _walked(content, root)]
    article: list[Found] = []
    if says.article or says.maybe_article:
        least = _ARTICLE_SHARE if says.article else _MAYBE_SHARE
        article = article_of(found, _judged(markup), least=least, panels=content.panels.shown)
    kept = article or found
    if not any(reaches(one.piece.text) for one in kept):
        # The footer's number is the site's; below an article it is kept if it is one to call in need.
        boxes = [box for box in content.below if not article or is_urgent(box.get_text(" "))]
        below = [one for box in boxes for one in _walked(content, box)]
        kept.extend(one for one in below if one.tag.name != "a" or reaches(one.piece.text))
    return [one.piece for one in kept]


def _judged(markup: str) -> str:
    # A third of a second to import, and only articles need it.
    from trafilatura import extract  # noqa: PLC0415

    return extract(markup, fast=True, include_comments=False) or ""


def _walked(content: Content, root: Tag) -> list[Found]:
    return pieces(root, content.dropped, labels=content.panels.labels, openers=content.panels.openers)


def article_of(
    found: Sequence[Found], judged: str, *, least: float, panels: Collection[int] = ()
) -> list[Found]:
    """Return the pieces that hold the judged words, and what must not be lost between and beside them.

    ``panels`` are elements (``id()``) that open when a reader asks; they are kept, as tables and lists of
    terms are. Nothing is returned if they hold less than the share ``least`` of all words: no article then.
    """
    votes = _Votes(judged)
    chosen = [votes.take(one.piece.text) for one in found]
    taken = sum(len(one.piece.text) for one, yes in zip(found, chosen, strict=True) if yes)
    if not taken or taken < least * sum(len(one.piece.text) for one in found):
        return []
    first = chosen.index(True)
    rows, held = _rows([one.tag for one, yes in zip(found, chosen, strict=True) if yes])
    boxes = _boxes(found, chosen)
    for at, one in enumerate(found):
        if chosen[at]:
            chosen[at] = not _invites(one.piece)
        elif at > first and one.tag.name != "a":
            structured = _is_structured(one, panels) or _explains(one.piece)
            chosen[at] = structured or _is_lost_section(one.tag, rows, held)
        chosen[at] = chosen[at] or _is_within(one.tag, boxes)
    _settle_headings(found, chosen, first)
    return [one for one, yes in zip(found, chosen, strict=True) if yes]


def _rows(chosen: Sequence[Tag]) -> tuple[set[int], set[int]]:
    """Return what holds the paragraphs of the article, and the sections that hold any of it (``id()``)."""
    rows: set[int] = set()
    held: set[int] = set()
    for tag in chosen:
        around = (tag, *tag.parents)
        rows.add(id(next((part for part in around if part.name in _PARAGRAPHS), tag).parent))
        held.update(id(part) for part in around if part.name == "section")
    return rows, held


def _is_lost_section(tag: Tag, rows: set[int], held: set[int]) -> bool:
    """Return whether a piece stands in a section that was dropped whole from a row of paragraphs.

    It has a heading of its own, so a person wrote it as a part of the text.
    """
    section = next((part for part in (tag, *tag.parents) if part.name == "section"), None)
    if section is None or id(section) in held or id(section.parent) not in rows:
        return False
    heading = next((child for child in children_of(section) if child.name in HEADINGS), None)
    return heading is not None and not leads_away(heading.get_text(" "))


def _explains(piece: Piece) -> bool:
    return piece.kind is BlockKind.CAPTION and _CHART.match(piece.text) is not None


def _is_structured(one: Found, panels: Collection[int]) -> bool:
    if one.piece.kind is BlockKind.TABLE_ROW:
        return True
    return any(part.name in _STRUCTURED or id(part) in panels for part in (one.tag, *one.tag.parents))


def _boxes(found: Sequence[Found], chosen: Sequence[bool]) -> set[int]:
    """Return the boxes (``id()``) beside the article that give a number to call."""
    return {
        id(_box(one.tag))
        for one, yes in zip(found, chosen, strict=True)
        if not yes and reaches(one.piece.text)
    }


def _box(tag: Tag) -> Tag:
    """Return the largest element around a piece that is still a small part of the page."""
    box = tag
    for parent in tag.parents:
        if len(parent.get_text()) > _BOX:
            break
        box = parent
    return box


def _is_within(tag: Tag, boxes: set[int]) -> bool:
    return bool(boxes) and any(id(parent) in boxes for parent in (tag, *tag.parents))


def _invites(piece: Piece) -> bool:
    text = piece.text
    if len(text) > _LONGEST_INVITATION or reaches(text):
        return False
    line = canonical_line(text)
    return any(pattern.match(line) for pattern in _INVITATIONS)


def _settle_headings(found: Sequence[Found], chosen: list[bool], first: int) -> None:
    """Keep the headings of what is kept, and no others."""
    waiting = _NOTHING
    for at in range(len(found) - 1, -1, -1):
        piece = found[at].piece
        if piece.kind is not BlockKind.HEADING:
            waiting = _LOWEST if chosen[at] else waiting
            continue
        heads_next = first < at < len(found) - 1 and chosen[at + 1] and found[at].tag.name != "a"
        chosen[at] = waiting > piece.level and (chosen[at] or heads_next) and not leads_away(piece.text)
        waiting = piece.level if chosen[at] else waiting


class _Votes:
    """The words of an article, each to be taken once: a teaser that repeats them elsewhere gets none."""

    def __init__(self, text: str) -> None:
        words = _WORD.findall(text)
        self._places: Counter[tuple[str, ...]] = Counter(
            tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)
        )
        self._lines = Counter(" ".join(_WORD.findall(line)) for line in text.split("\n"))

    def take(self, text: str) -> bool:
        """Return whether most of a piece's words are still to be taken, and take them."""
        words = _WORD.findall(text)
        if len(words) < _SHINGLE:
            line = " ".join(words)
            self._lines[line] -= 1
            return self._lines[line] >= 0
        shingles = Counter(tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1))
        held = shingles & self._places
        if 2 * held.total() <= shingles.total():
            return False
        self._places -= held
        return True
