"""Which fields does an index have, and how much does each count?

The figures come from nDCG@10 on public question sets: frequently asked questions of four agencies, health
answers, encyclopedia paragraphs and scientific abstracts, in English and Spanish.
"""

from __future__ import annotations

from index.engine import IndexedPassage

FIELDS_VERSION = 1
"""Goes up whenever the same passage may be indexed otherwise: an index of another version must be rebuilt."""

FIELD_WEIGHTS = {"title": 2.0, "headings": 3.0, "text": 1.0}
"""How often a word in a field counts. Headings carry much: on agency questions .369 for the text alone, .433
with titles, .642 with titles and headings."""

LENGTH_SHARE = {"title": 0.3, "headings": 0.3, "text": 0.6}
"""The b of BM25F, how much a long field is held against its words: long titles and headings hardly are.
With ``K1`` and the weights above .642 on agency questions, where one field and stock settings gave .516."""

K1 = 1.2
"""How soon further occurrences of a word stop counting. Of 0.9, 1.2 and 1.5 the middle one is never clearly
the worst on nine sets: 1.5 gains .015 on health answers and .010 on frequently asked questions and loses .005
on translated paragraphs; 0.9 loses up to .027."""

STOP_WEIGHT = 0.0
"""What a stop word of the question counts, between 0 and 1, unless all are stop words, or it was quoted or
demanded. From 0 to 0.2 nothing changes by more than .004 but on health answers, which lose .011; with 1,
those lose .066, abstracts .008 and library science .041."""


def field_texts(passage: IndexedPassage) -> dict[str, str]:
    """Return the words of each search field of a passage."""
    return {"title": passage.title, "headings": "\n".join(passage.headings), "text": passage.text}
