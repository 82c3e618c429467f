"""Which fields does an index have, and how much does everything count in the ranking?

The figures come from nDCG@10 on eleven public question sets (``docs/ranking.md``): frequently asked
questions, health answers, encyclopedia paragraphs and scientific abstracts, in English and Spanish. "Mean" is
the mean over the eleven.
"""

from __future__ import annotations

from index.engine import IndexedPassage

FIELDS_VERSION = 4
"""Goes up whenever the same passage may be indexed otherwise: an index of another version must be rebuilt."""

FIELD_WEIGHTS = {"title": 3.0, "headings": 3.0, "text": 1.0}
"""How often a word in a field counts. Headings carry much: on agency questions .369 for the text alone, .433
with titles, .642 with titles and headings. Titles at 2 and at 4 give .6718 and .6707 instead of .6715 in the
mean, but 2 loses .010 on encyclopedia titles in other words."""

LENGTH_SHARE = {"title": 0.3, "headings": 0.3, "text": 0.6}
"""The b of BM25F, how much a long field is held against its words: long titles and headings hardly are.
For the text .5 and .7 change the mean by less than .001."""

K1 = 1.2
"""How soon further occurrences of a word stop counting. With 1.0 the mean changes by less than .001."""

BURST_WEIGHT, BURST_MOST = 0.7, 3.0
"""What the residual idf adds to the rarity of a word, and the most that is counted: words that stand together
in few passages say what these are about. Without, the mean is .6674 instead of .6715."""

ALIKE_FROM, ALIKE_WEIGHT = 0.5, 0.5
"""From which share of common trigrams a word is taken for another, and what it counts if they are all common;
between, the square of the share. Without other words the mean is .6569 instead of .6715, on questions in the
other language than the passage .835 instead of .879. From .55 on, .6687; with .6 and the cube, .6700."""

GROUP_SIZE = 16
"""How many other words count for one. With 8 the mean is .0006 lower, with 4 .0017."""

ONE_SLIP_WEIGHT, TWO_SLIPS_WEIGHT, TWO_SLIPS_FROM = 0.8, 0.5, 8
"""What a word counts that is one or two slips from a word that no passage holds; two only from so many
letters. With mistyped questions .888 instead of .873 on frequently asked questions, .827 instead of .806 on
Spanish ones."""

STANDS_FOR_FROM, MARKED_FROM = 0.3, 0.15
"""From which weight on another word is the word itself, which then is not missing, and from which it is
marked in a passage: ``exploit`` for ``explot`` is (.19), ``station`` for ``state`` is not (.13)."""

RERANKED = 100
"""How many of the best passages are ranked anew. With 50 the mean is the same, with 30 .0006 lower."""

TITLE_WEIGHT = 0.8
"""What the likeness of question and name adds. Without, the mean is .6613 instead of .6715, on frequently
asked questions .872 instead of .906, on titles in other words .761 instead of .841."""

ORDER_WEIGHT = 0.25
"""What the words add that follow in the name as in the question. Without, the mean is .6680."""

PAIR_WEIGHT = 0.15
"""What neighbours in the question add that are neighbours in the text. Without, the mean is .6709, and on
scientific questions of another set .696 instead of .719."""

SMALL_WEIGHT = 0.15
"""What the stop words of a question count, of the passages ranked anew only. Without, the mean is .6716 but
on other sets it is lower; with more, questions in the other language suffer."""

SMALL_IN_NAME = 0.5
"""What a stop word counts in a name. With .3 and .7 the mean changes by less than .001."""

SHARED_TITLE = 0.25
"""The power by which a title counts less as a name that many passages have: it tells little of each. On the
sets, where few titles are shared, the mean differs by less than .001."""

HEADING_AS_NAME = 0.4
"""What a heading counts as a name, beside a title that one passage has alone. On the sample library, whose
passages stand under headings, nDCG@10 is .748 from .3 to .6; with 1 it is .737."""


def field_texts(passage: IndexedPassage) -> dict[str, str]:
    """Return the words of each search field of a passage."""
    return {"title": passage.title, "headings": "\n".join(passage.headings), "text": passage.text}
