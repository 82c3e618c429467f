"""Where does each sentence of a text begin and end?

Punkt (Kiss & Strunk, Unsupervised Multilingual Sentence Boundary Detection, Computational Linguistics
32(4), 2006) decides, with what it would learn from a corpus written down here: abbreviations and words
that often begin a sentence. So nothing has to be downloaded. Around it stand a few
rules for what it does not see: labels of lists, numbers behind "No.", footnote marks, and quotations
within a sentence.
"""

from __future__ import annotations

import functools
import importlib.util
import itertools
import os
import re
import sys
import threading
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

_PACKAGES = ("nltk", "nltk.tokenize")
_PUNKT = "nltk.tokenize.punkt"
_IMPORTING = threading.Lock()
# Never words of their own in either language. Single letters with full stops (U.S., p.m.) need no entry.
_ABBREVIATIONS = (
    "mr mrs ms dr dra drs dres prof profa sr sra sres sras srta srtas jr rev hon gov sgt capt cnel gral lic "
    "arq ph.d psy.d ed.d ll.m inc ltd ltda corp co dept assn bros cía blvd rd hwy apt ste bldg depto dpto "
    "edif apdo avda avs sta sto mt ft ee uu ee.uu e.g i.e vs etc cf viz al et approx aprox ca ext tel tels "
    "máx mín hr hrs wk wks yr yrs mos lbs oz tues thurs ud uds vd vds ej p.ej supp stat subd subds subsec "
    "subsecs regs ibid supra cit a.m p.m"
)
_OF_ENGLISH = "ave st sen rep gen lt mo est"
_OF_SPANISH = "bs ing av col ed fr ph núm núms pág págs párr párrs fracc cód"
# Abbreviations only where a number follows; elsewhere they may be words that end a sentence.
_BEFORE_NUMBERS = frozenset(
    "no nos nº núm núms art arts sec secs fig figs p pp pág págs ch chs cap caps vol vols par pars párr tit "
    "ex inc lit ley dec res exp reg rm min max bldg ste apt tel ext div cal cir c n id "
    "jan feb mar apr jun jul aug sept sep oct nov dec ene abr ago set dic".split()
)
_STARTERS = frozenset(
    "the a an this that these those it he she they we you i if in on at for when what who why how where "
    "there but and however although while since as after before all any some many most each no not please "
    "call contact see visit to by with from under once also its their his her our your is are do does can "
    "el la los las un una unos unas este esta estos estas ese esa eso esto él ella ellos ellas usted ustedes "
    "en para por con si cuando como qué quién cómo dónde cuándo pero y sin según además aunque mientras "
    "después antes todos todas algunos algunas cada llame consulte vea visite también su sus al se lo es "
    "son".split()
)
_CLOSING = (")", "]", "}", '"', "'", "’", "”", "»")
_CLOSE = rf"[{re.escape(''.join(_CLOSING))}]"
_BREAK = re.compile(
    # Full stops and other marks, closing marks, perhaps the number of a footnote, then another word;
    rf"(?<![.?!…])(?P<mark>[.?!…]++)(?P<close>{_CLOSE}*+)(?P<note>[\d¹²³⁴-⁹⁰]{{0,3}}+)\s++(?=\S)"
    # or the full stops of scripts that write no spaces.
    r"|(?P<wide>[。！？]++[」』”’）]*+)\s*+(?=\S)"
)
_WINDOW = 24  # characters on either side of a break that decide about it
_SHORT = 3  # letters that an abbreviation unknown to us may have
_LABEL = re.compile(r"\W*(?:\d{1,3}|[^\W\d_]|[ivxIVX]{1,5})\Z")
_LETTERS = re.compile(r"(?:\b[^\W\d_]\.\s?)+[^\W\d_]\Z")
_BETWEEN = re.compile(r"[\s(\[“\"'«¿¡]")
_FIRST = re.compile(rf"[\W_]{{0,{_WINDOW}}}([^\W\d_]+|\d)")


def sentence_spans(text: str, language: str) -> list[tuple[int, int]]:
    """Return the offsets of each sentence in canonical text, in order.

    A line end always ends a sentence. Spans have no white space at their ends and leave out nothing else.
    ``language`` is ``en``, ``es`` or ``other``.
    """
    return list(_spans(text, language))


# Passages that are found are found again: an answer asks for the sentences of each several times over, too.
@functools.lru_cache(maxsize=4_000)
def _spans(text: str, language: str) -> tuple[tuple[int, int], ...]:
    spans = []
    start = 0
    for line in text.split("\n"):
        for begin, end in itertools.pairwise([0, *_begins(line, language), len(line)]):
            stretch = line[begin:end]
            left = start + begin + len(stretch) - len(stretch.lstrip())
            if words := stretch.strip():
                spans.append((left, left + len(words)))
        start += len(line) + 1
    return tuple(spans)


def _begins(line: str, language: str) -> Iterator[int]:
    """Yield where each sentence of a line begins, but the first."""
    before = 0
    for match in _BREAK.finditer(line):
        behind = line[max(before, match.start() - _WINDOW) : match.start()]
        if match["wide"] or _ends(behind, match, language):
            before = match.end()
            yield before


def _ends(behind: str, match: re.Match[str], language: str) -> bool:
    """Tell whether a sentence ends at a mark, from the words of the sentence before it and the next word."""
    first = _FIRST.match(match.string, match.end())
    if first is None or _LABEL.match(behind):
        return False
    word = _BETWEEN.split(behind.rstrip("".join(_CLOSING)))[-1]
    after = first[1]
    only_stop = match["mark"] == "." and not behind.endswith(_CLOSING)
    if after[0].islower():
        # Behind a closing mark a quotation ends and not the sentence; a short word may be an abbreviation.
        unknown = only_stop and (len(word) <= _SHORT or not word.isalpha())
        if match["close"] or match["note"] or unknown or match["mark"][-2:] in ("..", "…"):
            return False
    if match["note"]:
        return len(word) > 1 and word.isalpha() and word.lower() not in _BEFORE_NUMBERS
    if not only_stop or match.string[match.end()] in "¿¡":
        return True
    if after.isdigit() and word.lower() in _BEFORE_NUMBERS:
        return False
    if _LETTERS.search(behind) and after.lower() not in _STARTERS:
        return False
    return _punkt_breaks(word, after, language)


def _punkt_breaks(word: str, after: str, language: str) -> bool:
    """Tell whether a sentence ends between two words, as Punkt would.

    Any other word than an abbreviation, an initial or a number ends one; to ask Punkt takes .1 ms.
    """
    if len(word) > 1 and word.isalpha() and word.lower() not in _abbreviations(language):
        return True
    return _ask_punkt(word, after, language)


@functools.lru_cache(maxsize=1 << 16)
def _ask_punkt(word: str, after: str, language: str) -> bool:
    return bool(_punkt(language).text_contains_sentbreak(f"{word}. {after}"))


@functools.cache
def _abbreviations(language: str) -> frozenset[str]:
    own = {"en": _OF_ENGLISH, "es": _OF_SPANISH}.get(language, f"{_OF_ENGLISH} {_OF_SPANISH}")
    return frozenset(f"{_ABBREVIATIONS} {own}".split())


@functools.cache
def _punkt(language: str) -> PunktSentenceTokenizer:
    # It is asked about one full stop at a time, because in long texts its own search gives up with an error
    # after five seconds.
    return _nltk().PunktSentenceTokenizer(_parameters(language))


@functools.cache
def _nltk() -> ModuleType:
    """Return Punkt's module of nltk, without the rest of nltk, which takes half a second to import.

    While it is imported the packages that it stands in are empty ones, that know no more than their folders.
    Whoever imports nltk later gets it as ever.
    """
    with _IMPORTING:
        spec = importlib.util.find_spec(_PACKAGES[0])
        if spec is None or spec.name in sys.modules:
            return importlib.import_module(_PUNKT)
        for name in _PACKAGES:
            package = sys.modules[name] = ModuleType(name)
            inside = name.split(".")[1:]
            package.__path__ = [os.path.join(at, *inside) for at in spec.submodule_search_locations or ()]
        try:
            return importlib.import_module(_PUNKT)
        finally:
            for name in [name for name in sys.modules if name.partition(".")[0] == spec.name]:
                del sys.modules[name]


def _parameters(language: str) -> PunktParameters:
    parameters: PunktParameters = _nltk().PunktParameters()
    parameters.abbrev_types.update(_abbreviations(language))
    for word in _STARTERS:
        # Seen in lower case: with a capital it begins a sentence, even after an abbreviation.
        parameters.add_ortho_context(word, _nltk()._ORTHO_LC)
    return parameters
