"""What may be kept of a question that a person typed? Its words, without what could name someone.

Numbers that look like those of a case, a person, a telephone or a day, e-mail and web addresses, what stands
after a title or "case no.", and runs of capitalised words that the documents do not have become "…". With
``others=False`` every word does that the documents do not have: names in lower case can be found by no rule.

What it cannot do: a name made of words that the documents use ("rose may brown") is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from kb.text import canonical_line

MASK = "…"
# More of a question is not searched for either (``index.queryparser``); and what is kept of it.
_MOST_READ, _MOST_KEPT = 1_000, 300

_WORD = r"[^\W\d_]+(?:['’\-][^\W\d_]+)*"
_NUMBERED_BY_LAW = re.compile(
    # Sections of law and forms are asked for by number, and name nobody: "WIC 16501.1", "§ 11166(a)".
    r"(?:§+|\b(?:sections?|secciones|sección|sec\.|art(?:ículo|icle)?s?\.?|chapter|capítulo|wic|pc|usc|cfr|forms?"
    r"|formulario|ab|sb|acl|(?:penal|institutions|safety|family|education|government) code))"
    r"\s?\d{1,5}(?:\.\d{1,2})?(?:\(\w{1,3}\))*(?!\W{0,3}\d)(?!\w)",
    re.IGNORECASE,
)
_MONEY = re.compile(r"[$€]\s?(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,6})(?:\.\d\d)?(?!\W{0,3}\d)")
_YEARS = re.compile(r"(?<!\w)(?:19|20)\d\d(?:\s?(?:[-–/]|to|and|a|y|al)\s?(?:19|20)\d\d)?(?!\w)(?!\W{1,3}\d)")
_AFTER_FIGURE = re.compile(r"\d\W{1,3}\Z")

_ADDRESS = re.compile(
    r"(?:mailto:)?[\w.+\-]*\s?@\s?[\w.\-]*\w"
    r"|[\w.+\-]+\s?(?:[\[({]\s?(?:at|arroba)\s?[\])}]|\barroba\b)\s?[\w\-]+(?:\s?(?:\.|\b(?:dot|punto)\b)\s?\w+)*"
    r"|[\w.+\-]+\s+at\s+[\w\-]+\s+(?:dot|punto)\s+\w+"
    r"|\w+://\S+|\bwww\.\S+|\b[\w.\-]+\.[a-z]{2,}/\S+",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic|enero|febrero|marzo|abril|mayo|junio|"
    r"julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|january|february|march|april|june|july|"
    r"august|september|sept|october|november|december)"
)
_DAY_IN_WORDS = re.compile(
    rf"(?<!\w)(?:\d{{1,2}}(?:st|nd|rd|th|º)?\s?(?:de\s|of\s|-)?\s?{_MONTH}\b\.?,?(?:\s?(?:de[l]?\s|-|’|')?\s?\d{{2,4}})?"
    rf"|{_MONTH}\b\.?\s?\d{{1,2}}(?:st|nd|rd|th)?(?!\d),?(?:\s?\d{{2,4}})?"
    rf"|(?:19|20)\d\d\s{_MONTH}\b\.?\s\d{{1,2}})(?!\w)",
    re.IGNORECASE,
)
_DAY_IN_FIGURES = re.compile(r"(?<!\w)\d{1,4}\s?([./\-])\s?\d{1,2}\s?\1\s?\d{1,4}(?!\w)")
_BORN = re.compile(
    r"\b(?:d\.?o\.?b\.?|born|birth ?da(?:y|te)|date of birth|nacid[oa]s?|nació|nacimiento|cumpleaños)\b"
    r"\D{0,15}\d[\d\s./\-]*",
    re.IGNORECASE,
)
_CALLED_BY_NUMBER = re.compile(
    r"\b(?P<what>case|caso|file|expediente|exp|docket|causa|client|cliente|patient|paciente|ssn|itin|dni|nie"
    r"|curp|rfc|seguro social|social security|passport|pasaporte|badge|placas?|plates?|license|licencia"
    r"|matrícula|mrn|cwid|id|account|cuenta|ticket|petition|petición|folio|referral|phone|teléfono"
    r"|telefono|tel|cell|celular)"
    r"(?P<of>\.?\s?(?:(?:is|es|número|numero|number|núm|num|nro|no|nr|id|n[.º°]+)\b\.?\s?){0,2}[.:#º°\-]*\s?)"
    r"(?P<number>(?=[\w\-./]*\d)[\w\-./]*\w)",
    re.IGNORECASE,
)
_WITH_A_SIGN = re.compile(r"(?P<sign>#|\b(?:no|nr|nro|núm|num|n)\s?[.º°]+)\s?\d[\w\-/]{2,}", re.IGNORECASE)
_STREETS = (
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|court|ct|place|pl|way|highway|hwy)"
)
_SMALL = r"(?:in|to|of|at|the|an?|and|or|for|on|by|de|la|el|y|en|years?|days?|hours?|months?|children|people)"
_STREET = re.compile(
    rf"(?<!\w)\d{{1,5}}\s(?:[nsew]\.?\s)?(?:(?!{_SMALL}\b){_WORD}\s|\d+(?:st|nd|rd|th)\s){{1,2}}{_STREETS}\b\.?"
    rf"|\b(?:calle|avenida|av\.|avda\.?|paseo|camino|carretera|plaza)\s(?:{_WORD},?\s){{1,4}}(?:n[.º°]*\s?|#)?\d+\w?",
    re.IGNORECASE,
)
_DIGIT_WORDS = (
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|cero|uno|dos|tres|cuatro|cinco|seis|siete"
    r"|ocho|nueve)"
)
_SPELLED_OUT = re.compile(rf"\b{_DIGIT_WORDS}(?:[\s,.\-]+{_DIGIT_WORDS}){{3,}}\b", re.IGNORECASE)

# What may stand between the parts of one number, and words that do not make two numbers one.
_BETWEEN = re.compile(r"[\s().\-–—―−‐‑/\\,:;#+*_|·•'’\"~=]{0,4}")
_PART = re.compile(r"[^\W_]+")
_JOINTS = ("-", "#", ".", "/", "_")
_APART = frozenset(
    {"to", "and", "or", "y", "o", "u", "a", "al", "e", "de", "del", "in", "en", "of", "at", "by", "for"}
)
_PRIVATE_USE = range(0xE000, 0xF900)
_FEWEST_DIGITS = 5
"""Fewer stand in the numbers of rooms, forms and years; a case number has five or more."""

_CAPITAL = "A-ZÁÉÍÓÚÜÑ"
_PARTICLES = frozenset(("de", "del", "la", "las", "los", "van", "von", "y"))
_AND_MORE = rf"(?:\s+{_WORD}){{0,7}}"
_TITLED = re.compile(
    rf"\b(?P<what>mr|mrs|ms|mx|dr|dra|sr|sra|srta|señor|señora|señorita)\b(?P<between>\.?\s+)(?P<name>{_WORD}{_AND_MORE})",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    r"\b(?P<what>miss|don|doña|judge|jueza?|officer|oficial|detective|named|called|llamad[oa]|se llama"
    r"|name is|nombre es|apellidos?|surname|last name|first name|minor|menor|client|cliente|patient"
    r"|paciente)\b"
    rf"(?P<between>[\s:,]+(?:(?:is|es)\s)?)(?P<name>{_WORD}{_AND_MORE})",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(
    rf"(?<![\w'’\-])[{_CAPITAL}][\w'’\-]*\.?(?:,?\s+(?:(?:de|la|del|los|y)\s)*[{_CAPITAL}][\w'’\-]*\.?)+"
)
_INITIALS = re.compile(rf"(?<!\w)(?:[{_CAPITAL}]\.\s?){{2,}}(?:[{_CAPITAL}]\w+)?(?!\w)")
_BEGINNINGS = frozenset(
    "where who what when which how why is are does do can may must should the in on for if a an "
    "dónde donde quién quien qué que cuándo cuando cuál cual cómo como es son puede pueden debe el la los "
    "las en para si un una".split()
)


def masked(question: str, *, is_known: Callable[[str], bool], others: bool = True) -> str:
    """Return a question as it may be kept; ``is_known`` tells a word that the documents use.

    ``others``: words are kept too that the documents do not use.
    """
    kept: list[str] = []
    text = _read(question)
    for pattern in (_ADDRESS, _STREET, _DAY_IN_WORDS, _BORN, _SPELLED_OUT):
        text = pattern.sub(MASK, text)
    text = _without_numbers(_harmless_apart(text, kept))
    text = _CALLED_BY_NUMBER.sub(rf"\g<what>\g<of>{MASK}", text)
    text = _WITH_A_SIGN.sub(rf"\g<sign>{MASK}", text)
    for pattern in (_DAY_IN_FIGURES, _INITIALS):
        text = pattern.sub(MASK, text)
    text = _TITLED.sub(lambda match: _introduced(match, is_known, always=True), text)
    text = _INTRODUCED.sub(lambda match: _introduced(match, is_known, always=False), text)
    text = _CAPITALISED.sub(lambda match: _name(match.group(), is_known), text)
    if not others:
        text = re.sub(_WORD, lambda match: match.group() if is_known(match.group()) else MASK, text)
    for number, words in enumerate(kept):
        text = text.replace(_stand_in(number), words)
    text = re.sub(rf"{MASK}(?:[\s,;.:\-]*{MASK})+", MASK, text)
    return _cut(canonical_line(text), _MOST_KEPT)


def _read(question: str) -> str:
    """Return what is looked at: with figures of every script and width as 0 to 9, and nothing unseen."""
    text = "".join(map(_plain, question[: 2 * _MOST_READ]))
    return _cut(canonical_line(text), _MOST_READ)


def _plain(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in ("Cf", "Co"):
        return ""
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    return char if char in "ºª…" else unicodedata.normalize("NFKC", char)


def _cut(text: str, most: int) -> str:
    """Return a text's whole words up to a length: a part of a number is a number too few."""
    return text if len(text) <= most else text[:most].rpartition(" ")[0]


def _harmless_apart(text: str, kept: list[str]) -> str:
    """Put stand-ins in the place of numbers that name nobody, so that no other rule sees them."""

    def apart(match: re.Match[str]) -> str:
        if _AFTER_FIGURE.search(match.string, 0, match.start()):
            return match.group()
        kept.append(match.group())
        return _stand_in(len(kept) - 1)

    for pattern in (_NUMBERED_BY_LAW, _MONEY, _YEARS):
        text = pattern.sub(apart, text)
    return text


def _stand_in(number: int) -> str:
    """Return a character that stands for what is kept; ``_read`` leaves none that was typed."""
    return chr(_PRIVATE_USE[0] + number)


def _without_numbers(text: str) -> str:
    """Mask runs of figures that have as many as a case number, whatever stands between and before them."""
    parts = list(_PART.finditer(text))
    pieces, done, at = [], 0, 0
    while at < len(parts):
        last = _end_of_number(parts, at, text)
        if last is not None and _may_name(parts[at : last + 1]):
            start, end = _with_letters(parts, at, last, text=text)
            pieces += [text[done:start], MASK]
            done = max(end, done)
            at = last
        at += 1
    return "".join([*pieces, text[done:]])


def _end_of_number(parts: Sequence[re.Match[str]], first: int, text: str) -> int | None:
    """Return the last part of the number that begins with a part, or None if it has no figure."""
    if not _figures(parts[first]):
        return None
    last = first
    for at in range(first + 1, len(parts)):
        if not _BETWEEN.fullmatch(text, parts[at - 1].end(), parts[at].start()):
            break
        if _figures(parts[at]):
            last = at
        elif at - last > 2 or len(parts[at].group()) > 3 or parts[at].group().lower() in _APART:
            break
    return last


def _may_name(parts: Sequence[re.Match[str]]) -> bool:
    if sum(map(_figures, parts)) >= _FEWEST_DIGITS:
        return True
    # Number plates and the like: letters and figures in one.
    (first, *more) = (part.group() for part in parts)
    figures = _figures(parts[0])
    return not more and figures >= 3 and len(first) >= 6 and len(first) - figures >= 2


def _figures(part: re.Match[str]) -> int:
    return sum(map(str.isdigit, part.group()))


def _with_letters(parts: Sequence[re.Match[str]], first: int, last: int, *, text: str) -> tuple[int, int]:
    """Return where a number begins and ends with the letters that are joined to it: ``JV-12345-B``."""
    start, end = parts[first].start(), parts[last].end()
    if first and len(parts[first - 1].group()) <= 4 and text[parts[first - 1].end() : start] in _JOINTS:
        start = parts[first - 1].start()
    if last + 1 < len(parts) and len(parts[last + 1].group()) <= 4:
        end = parts[last + 1].end() if text[end : parts[last + 1].start()] in _JOINTS else end
    while start and text[start - 1] in "(+":
        start -= 1
    return start, end


def _introduced(match: re.Match[str], is_known: Callable[[str], bool], *, always: bool) -> str:
    """Mask the name after a title; ``always``: also where it looks like an ordinary word."""
    pieces = re.split(r"(\s+)", match["name"])
    end = 0
    for at in range(0, len(pieces), 2):
        word = pieces[at]
        if word.lower() in _PARTICLES:
            continue
        if not ((always and end == 0) or word[:1].isupper() or not is_known(word)):
            break
        end = at + 1
    return match["what"] + match["between"] + MASK + "".join(pieces[end:]) if end else match.group()


def _name(words: str, is_known: Callable[[str], bool]) -> str:
    """Mask a run of capitalised words if any of them is none that the documents use."""
    first, space, rest = words.partition(" ")
    if first.lower() in _BEGINNINGS and re.search(rf"[{_CAPITAL}].*\s\S*[{_CAPITAL}]", rest):
        return first + space + _name(rest, is_known)
    known = all(is_known(word) for word in re.findall(_WORD, words))
    return words if known else MASK
