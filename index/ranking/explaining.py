"""How are the parts of a passage's score worked out? By the formula of ``index.ranking.formula``.

Worked out anew for one passage, from its words and what the engine counts over all. The parts add up to the
score that the engine gave.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence

from index.analysis import Token, analyzer
from index.answers import is_kind
from index.engine import IndexedPassage
from index.fields import ORDER_WEIGHT, PAIR_WEIGHT, SMALL_WEIGHT, TITLE_WEIGHT, field_texts
from index.plan import Plan, in_fields
from index.ranking import formula, reranking
from index.ranking.explanation import Explanation, WordPart
from index.ranking.formula import Asked, Group, Lexicon


class _Taken:
    """A passage taken apart into fields."""

    def __init__(self, passage: IndexedPassage) -> None:
        analysis = analyzer(passage.language)
        self.texts = field_texts(passage)
        self.tokens: dict[str, list[Token]] = {
            name: analysis.tokens(text) for name, text in self.texts.items()
        }
        self.words = {name: [t.term for t in tokens if not t.whole] for name, tokens in self.tokens.items()}
        self.counts = {name: Counter(t.term for t in tokens) for name, tokens in self.tokens.items()}
        self.lengths = {name: len(words) for name, words in self.words.items()}
        self.heading = analysis.words(passage.headings[-1])[0] if passage.headings else []

    def forms(self, terms: frozenset[str], fields: Sequence[str]) -> tuple[tuple[str, str, int], ...]:
        """Return how terms are written in some fields, and how often in each."""
        found: Counter[tuple[str, str]] = Counter()
        for name in fields:
            for token in self.tokens[name]:
                if token.term in terms:
                    found[self.texts[name][token.start : token.end], name] += 1
        return tuple((form, name, count) for (form, name), count in found.items())


def explain(
    question: Plan, passage: IndexedPassage, lexicon: Lexicon, *, sharing: int, anew: bool
) -> Explanation:
    """Return the parts of the score of a passage.

    ``sharing`` is how many passages share its title, as ``formula.fit`` takes it; ``anew`` tells that it was
    among those that were ranked anew.
    """
    asked, taken = formula.asked(question, lexicon), _Taken(passage)
    averages = lexicon.statistics.averages
    words = [_part(group, taken, averages, share=1.0) for group in asked.groups]
    if not anew:
        return Explanation(tuple(part for part in words if part.score))
    words += [_part(group, taken, averages, share=SMALL_WEIGHT) for group in asked.small]
    likeness, order = _fit(taken, asked, lexicon, sharing=sharing)
    pairs = reranking.neighbours(taken.words["text"], asked.pairs)
    return Explanation(
        tuple(part for part in words if part.score),
        name=TITLE_WEIGHT * likeness,
        order=ORDER_WEIGHT * order,
        pairs=PAIR_WEIGHT * pairs,
        neighbours=_neighbours(taken, asked),
    )


def _part(group: Group, taken: _Taken, averages: Mapping[str, float], *, share: float) -> WordPart:
    fields = in_fields(group.wanted.field)
    tf = 0.0
    nearest = 0.0
    for term, meaning in group.members:
        counts = {name: taken.counts[name][term] for name in fields}
        tf += meaning * formula.frequency(counts, taken.lengths, averages)
        if any(counts.values()):
            nearest = max(nearest, meaning)
    return WordPart(
        group.wanted.word,
        taken.forms(frozenset(term for term, _ in group.members), fields),
        nearest,
        share * group.wanted.count * group.rarity * formula.saturated(tf),
        kind=is_kind(group.wanted.term),
        small=group.wanted.small,
        of=group.wanted.of,
    )


def _fit(taken: _Taken, asked: Asked, lexicon: Lexicon, *, sharing: int) -> tuple[float, float]:
    def weigh(term: str) -> float:
        return formula.naming(term, lexicon.counts(term), lexicon.statistics.passages)

    def fit(name: list[str]) -> tuple[float, float]:
        return (
            max((reranking.likeness(name, reading, weigh) for reading in asked.readings), default=0.0),
            max((reranking.in_same_order(name, reading) for reading in asked.readings), default=0.0),
        )

    return formula.fit(fit(taken.words["title"]), fit(taken.heading), sharing=sharing)


def _neighbours(taken: _Taken, asked: Asked) -> tuple[tuple[str, str], ...]:
    """Return the pairs of neighbours in the question that are neighbours in the text, as they stand there."""
    tokens = [token for token in taken.tokens["text"] if not token.whole]
    text = taken.texts["text"]
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for one, two in itertools.pairwise(tokens):
        pair = (one.term, two.term)
        if pair in asked.pairs and pair not in found:
            found[pair] = (text[one.start : one.end], text[two.start : two.end])
    return tuple(found.values())
