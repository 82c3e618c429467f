"""Why does a hit rank where it does, in plain words? For pages, programs and the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from index.ranking.explanation import Explanation, WordPart
from index.results import CitedHit
from webapp.openapi import shapes

_MOST_FORMS = 6


class Gettext(Protocol):
    """Translates a text and fills in its values."""

    def __call__(self, text: str, /, **values: Any) -> str:
        """Return the text in the language of the page."""


def plainly(text: str, /, **values: Any) -> str:
    """Fill in the values of an English text: for programs and the terminal."""
    return text % values if values else text


def reasons(hit: CitedHit, gettext: Gettext) -> list[tuple[str, float | None]]:
    """Return why a hit has its score: sentences, each with what it adds (None: nothing)."""
    explanation = hit.explanation
    if explanation is None:
        return []
    found: list[tuple[str, float | None]] = [
        (_word(part, gettext), part.score)
        for part in sorted(explanation.words, key=lambda part: -part.score)
        if not part.small
    ]
    found += list(_wording(explanation, gettext))
    small = [part for part in explanation.words if part.small]
    if small:
        words = ", ".join(f"“{part.word}”" for part in small)
        found.append(
            (gettext("Small words of the question are there too: %(words)s.", words=words), _sum(small))
        )
    if hit.also_in:
        more = len(hit.also_in)
        told = gettext("One more document says the same.") if more == 1 else ""
        found.append((told or gettext("%(num)s more documents say the same.", num=more), None))
    if hit.explained is not None and hit.explained.passage.id != hit.citation.passage.id:
        found.append((gettext("The place was earned by an older copy; the newest is shown."), None))
    return found


def _sum(parts: list[WordPart]) -> float:
    return sum(part.score for part in parts)


def _word(part: WordPart, gettext: Gettext) -> str:
    where = _places(part, gettext)
    if part.kind:
        return gettext(
            "“%(word)s” asks for a telephone number or an address, and one is there.", word=part.word
        )
    if part.of:
        return gettext(
            "“%(word)s” stands for “%(long)s”; of that is there: %(where)s.",
            word=part.word,
            long=part.of,
            where=where,
        )
    if part.share >= 1.0:
        return gettext("“%(word)s” is there: %(where)s.", word=part.word, where=where)
    return gettext("Something like “%(word)s” is there: %(where)s.", word=part.word, where=where)


def _places(part: WordPart, gettext: Gettext) -> str:
    names = {
        "title": gettext("in the title"),
        "headings": gettext("in the headings"),
        "text": gettext("in the text"),
    }
    told = []
    for field, name in names.items():
        forms = [(form, count) for form, place, count in part.forms if place == field]
        if forms:
            words = ", ".join(f"“{form}”" for form, _ in forms[:_MOST_FORMS])
            times = sum(count for _, count in forms)
            told.append(f"{times} × {name} ({words})")
    return "; ".join(told)


def _wording(explanation: Explanation, gettext: Gettext) -> Iterator[tuple[str, float | None]]:
    if explanation.name:
        yield gettext("The title or the heading is like the question."), explanation.name
    if explanation.order:
        yield gettext("Words follow one another there as in the question."), explanation.order
    if explanation.pairs:
        pairs = ", ".join(f"“{one} {two}”" for one, two in explanation.neighbours)
        text = gettext(
            "Words that stand side by side in the question do so in the text: %(pairs)s.", pairs=pairs
        )
        yield text, explanation.pairs


def explanation_json(hit: CitedHit) -> shapes.Explanation | None:
    """Return the parts of a hit's score as JSON types; they add up to ``score``."""
    explanation = hit.explanation
    if explanation is None:
        return None
    parts: list[shapes.ScorePart] = [
        {
            "part": "word",
            "word": part.word,
            "forms": [{"form": form, "field": field, "count": count} for form, field, count in part.forms],
            "share": round(part.share, 4),
            "kind": part.kind,
            "small": part.small,
            "of": part.of,
            "score": round(part.score, 6),
        }
        for part in explanation.words
    ]
    for name in ("name", "order", "pairs"):
        score = getattr(explanation, name)
        if score:
            parts.append({"part": name, "score": round(score, 6)})
    return {
        "passage_id": hit.explained.passage.id if hit.explained else hit.citation.passage.id,
        "score": round(explanation.score, 6),
        "parts": parts,
        "reasons": [text for text, _ in reasons(hit, plainly)],
    }
