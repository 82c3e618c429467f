"""Which kinds of answer are known by their form, where no word beside them says what they are?

"Duty desk: 800-555-0100" answers "what number do I call", but has none of its words. So a passage gets a term
for each kind of answer that stands in it, and a question that asks for the kind looks for that term too, as
another reading of the word that asks. The terms begin with ``#``, as no word does.
"""

from __future__ import annotations

import functools
import re

from kb.text import fold

PHONE = "#phone"
EMAIL = "#email"
WEB = "#web"

# "web" alone is in many a title.
_ASKED_BY = {
    PHONE: "call calls calling dial phone phones telephone telephones hotline hotlines helpline helplines "
    "llamar llamo llame llamamos llamada llamadas marcar telefono telefonos telefonico telefonica",
    EMAIL: "email emails mail correo correos electronico",
    WEB: "website websites webpage url link sitio enlace",
}
# These ask for figures as often as for telephones, so they count only beside a word that asks for those.
_BESIDE_PHONE = frozenset({"number", "numbers", "numero", "numeros"})
_NUMBER = "number"
_KIND_OF_WORD = {word: kind for kind, words in _ASKED_BY.items() for word in words.split()}
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_IS_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_IS_WEB = re.compile(r"https?|www\..+", re.IGNORECASE)
_ENDS = "com|org|net|edu|gov|mil|int|info|us|uk|ca|eu|es|mx|ar|cl|co|pe|uy"
# What every address has that few texts have, told by a quick look: each passage shown is looked at.
_WITHIN_ADDRESS = re.compile(rf"\.(?:{_ENDS})\b", re.IGNORECASE)
_ADDRESS = re.compile(
    rf"(?:https?://|www\.)\S+|[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+"
    rf"|(?<![\w.])\w[\w\-]*(?:\.\w[\w\-]*)*\.(?:{_ENDS})\b(?:/\S*)?",
    re.IGNORECASE,
)


@functools.lru_cache(maxsize=4_096)
def addresses(text: str) -> tuple[tuple[int, int], ...]:
    """Return where the web and e-mail addresses of a text stand, in order."""
    return tuple(match.span() for match in _ADDRESS.finditer(text)) if _may_have_address(text) else ()


def _may_have_address(text: str) -> bool:
    return "@" in text or "://" in text or _WITHIN_ADDRESS.search(text) is not None or "www." in text.lower()


def asks_address(question: str) -> bool:
    """Tell whether a question asks for a web or e-mail address, or names one."""
    return bool(addresses(question)) or any(kind != PHONE for kind, _ in asked_for(question))


def kind_of(surface: str, *, phone: bool) -> str | None:
    """Return the term of the kind of answer that a surface is; ``phone`` tells that it is a phone number."""
    if phone:
        return PHONE
    if _IS_EMAIL.fullmatch(surface):
        return EMAIL
    return WEB if _IS_WEB.fullmatch(surface) else None


def asked_for(question: str) -> list[tuple[str, str]]:
    """Return each kind of answer that a question asks for, with the word that asks, as typed."""
    words = _WORD.findall(question)
    kinds = list(map(_kind_of_word, words))
    if not any(kinds):
        return []
    numbers = PHONE if PHONE in kinds else None
    asked = [(numbers if kind == _NUMBER else kind, typed) for kind, typed in zip(kinds, words, strict=True)]
    return [(kind, typed) for kind, typed in asked if kind is not None]


@functools.lru_cache(maxsize=8_192)
def _kind_of_word(typed: str) -> str | None:
    """Return the kind of answer that a word asks for, if any."""
    plain = fold(typed).replace("-", "")
    return _NUMBER if plain in _BESIDE_PHONE else _KIND_OF_WORD.get(plain)


def is_kind(term: str) -> bool:
    """Tell whether a term stands for a kind of answer and not for a word."""
    return term.startswith("#")
