"""What do people do to documents between two readings? Seeded edits of plain text and Markdown.

Each edit is a small one that a person makes: a typo mended, a word replaced, a sentence inserted, deleted or
moved, paragraphs reordered, a heading renamed, a number changed, lines wrapped anew.
"""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable

_PARAGRAPHS = re.compile(r"\n[ \t]*\n+")
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-ZÁÉÍÓÚÑ¿¡\"“(])")
_WORD = re.compile(r"[^\W\d_]{4,}")
_NUMBER = re.compile(r"(?<![\w.])\d{1,6}(?![\w])")
_MARKDOWN = re.compile(r"^(?:#|[-*+>|`]|\d+\.|    |---)", re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6} +)(\S.*)$", re.MULTILINE)

NEW_SENTENCES = (
    "This was agreed at the spring meeting of the regional offices.",
    "Ask the person on duty when in doubt.",
    "Esto se acordó en la reunión de las oficinas regionales.",
    "A list of the offices hangs beside the front door.",
    "Pregunte a la persona de guardia si tiene dudas.",
)

Edit = Callable[[str, random.Random], str]


def mend_typo(text: str, chance: random.Random) -> str:
    """Exchange two letters inside a word, or back."""
    return _at_random(_WORD, text, chance, lambda word: word[0] + word[2] + word[1] + word[3:])


def replace_word(text: str, chance: random.Random) -> str:
    """Put another word of the text in the place of one."""
    words = _WORD.findall(text)
    return _at_random(_WORD, text, chance, lambda _: chance.choice(words))


def change_number(text: str, chance: random.Random) -> str:
    """Change a figure: a sum, a day, a phone number."""
    return _at_random(_NUMBER, text, chance, lambda number: str(int(number) + chance.randint(1, 9)))


def rename_heading(text: str, chance: random.Random) -> str:
    """Give a heading other words, or write the same in capitals."""
    if chance.random() < 0.5:
        return _at_random(
            _HEADING, text, chance, lambda line: line.upper() if line != line.upper() else line.title()
        )
    return _at_random(_HEADING, text, chance, lambda line: f"{line} in short")


def insert_sentence(text: str, chance: random.Random) -> str:
    """Add a sentence to a paragraph."""

    def insert(sentences: list[str]) -> list[str]:
        at = chance.randint(0, len(sentences))
        return [*sentences[:at], chance.choice(NEW_SENTENCES), *sentences[at:]]

    return _in_paragraph(text, chance, insert)


def delete_sentence(text: str, chance: random.Random) -> str:
    """Take a sentence out of a paragraph."""

    def delete(sentences: list[str]) -> list[str]:
        at = chance.randrange(len(sentences))
        return [*sentences[:at], *sentences[at + 1 :]] if len(sentences) > 1 else sentences

    return _in_paragraph(text, chance, delete)


def move_sentence(text: str, chance: random.Random) -> str:
    """Let a sentence change places with another of its paragraph."""

    def move(sentences: list[str]) -> list[str]:
        one, other = chance.randrange(len(sentences)), chance.randrange(len(sentences))
        sentences[one], sentences[other] = sentences[other], sentences[one]
        return sentences

    return _in_paragraph(text, chance, move)


def move_paragraph(text: str, chance: random.Random) -> str:
    """Put a paragraph elsewhere in the text."""
    paragraphs = _PARAGRAPHS.split(text)
    paragraph = paragraphs.pop(chance.randrange(len(paragraphs)))
    paragraphs.insert(chance.randint(0, len(paragraphs)), paragraph)
    return "\n\n".join(paragraphs)


def delete_paragraph(text: str, chance: random.Random) -> str:
    """Take a paragraph out of the text."""
    paragraphs = _PARAGRAPHS.split(text)
    if len(paragraphs) > 3:
        del paragraphs[chance.randrange(len(paragraphs))]
    return "\n\n".join(paragraphs)


def wrap_lines(text: str, chance: random.Random) -> str:
    """Wrap the lines of a paragraph anew: its words stay."""
    width = chance.choice((60, 72, 100))
    return _in_paragraph(
        text,
        chance,
        lambda sentences: textwrap.wrap(" ".join(sentences), width, break_on_hyphens=False),
        "\n",
    )


EDITS: tuple[Edit, ...] = (
    mend_typo,
    replace_word,
    change_number,
    rename_heading,
    insert_sentence,
    delete_sentence,
    move_sentence,
    move_paragraph,
    delete_paragraph,
    wrap_lines,
)


def edited(text: str, chance: random.Random) -> str:
    """Return a text after one to five edits."""
    for _ in range(chance.randint(1, 5)):
        text = chance.choice(EDITS)(text, chance)
    return text


def _at_random(pattern: re.Pattern[str], text: str, chance: random.Random, new: Callable[[str], str]) -> str:
    """Replace the last group of one match."""
    matches = list(pattern.finditer(text))
    if not matches:
        return text
    match = chance.choice(matches)
    group = match.re.groups
    return text[: match.start(group)] + new(match.group(group)) + text[match.end(group) :]


def _in_paragraph(
    text: str, chance: random.Random, change: Callable[[list[str]], list[str]], joiner: str = " "
) -> str:
    """Change the sentences of one paragraph that is prose."""
    paragraphs = _PARAGRAPHS.split(text)
    prose = [n for n, one in enumerate(paragraphs) if len(one) > 80 and not _MARKDOWN.search(one)]
    if not prose:
        return text
    at = chance.choice(prose)
    paragraphs[at] = joiner.join(change(_SENTENCES.split(paragraphs[at])))
    return "\n\n".join(paragraphs)
