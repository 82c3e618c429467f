"""Which kinds of answer are known by their form, where no word beside them says what they are?

"Duty desk: 800-555-0100" answers "what number do I call", but has none of its words. So a passage gets a term
for each kind of answer that stands in it, and a question that asks for the kind looks for that term too, as
another reading of the word that asks. The terms begin with ``#``, as no word does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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
_KIND_OF_WORD = {word: kind for kind, words in _ASKED_BY.items() for word in words.split()}
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_IS_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_IS_WEB = re.compile(r"https?|www\..+", re.IGNORECASE)


def kind_of(surface: str, *, phone: bool) -> str | None:
    """Return the term of the kind of answer that a surface is; ``phone`` tells that it is a phone number."""
    if phone:
        return PHONE
    if _IS_EMAIL.fullmatch(surface):
        return EMAIL
    return WEB if _IS_WEB.fullmatch(surface) else None


def asked_for(question: str) -> Iterator[tuple[str, str]]:
    """Yield each kind of answer that a question asks for, with the word that asks, as typed."""
    words = [(typed, fold(typed).replace("-", "")) for typed in _WORD.findall(question)]
    phone = any(_KIND_OF_WORD.get(plain) == PHONE for _, plain in words)
    for typed, plain in words:
        kind = PHONE if phone and plain in _BESIDE_PHONE else _KIND_OF_WORD.get(plain)
        if kind is not None:
            yield kind, typed


def is_kind(term: str) -> bool:
    """Tell whether a term stands for a kind of answer and not for a word."""
    return term.startswith("#")
