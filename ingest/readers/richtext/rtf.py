"""How does a Rich Text file become a document?

tokens → groups, each with its destination and its formatting → paragraphs, rows, notes → pieces → document
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ingest.readers.office.wordnumbers import written
from ingest.readers.richtext.flow import Flow
from ingest.readers.richtext.header import Header
from ingest.readers.richtext.tokens import SHOWN, SYMBOLS, Token, code_page, tokens
from ingest.readers.shared.compose import Piece, build
from ingest.readers.shared.groups import with_code_joined, with_headings
from ingest.readers.shared.stated import author_of, believable
from ingest.readers.shared.stylenames import heading_named, is_contents_named, is_title_named, kind_named
from ingest.readers.shared.symbols import shown
from kb.errors import SourceUnreadable
from kb.model import BlockKind, Document
from kb.text import canonical_line

RTF = "application/rtf"

_HEADER = frozenset(
    "fonttbl stylesheet listtable listoverridetable listoverride list listlevel info title author creatim"
    " revtim".split()
)
_FLOWS = frozenset({"footnote", "shptxt", "dptxbxtext"})
_SILENT = frozenset(
    "colortbl pict header headerl headerr headerf footer footerl footerr footerf ftnsep ftnsepc ftncn"
    " aftnsep aftnsepc aftncn annotation atnid atnauthor atnref atrfstart atrfend atndate atnicn fldinst"
    " nonshppict sp objdata objclass objname shprslt xe tc tcn rxe leveltext levelnumbers listname"
    " liststylename listpicture filetbl revtbl rsidtbl generator doccomm operator subject keywords"
    " comment company manager category private pntxta pntxtb pnseclvl themedata colorschememapping datastore"
    " latentstyles panose falt mmathPr"
    " wgrffmtfilter template printim buptim hlinkbase userprops xmlnstbl".split()
)
# Groups marked as ones that old readers may skip, but which hold words.
_STARRED = frozenset(
    "shpinst shptxt do shppict listtable listoverridetable pn footnote nesttableprops".split()
)
# Letters that symbol fonts show as bullets.
_BULLETS = frozenset({"o", "§"})
# Type of so many half points serves to push lines apart; nobody can read it.
_TINY = 4
# No document nests its groups deeper than this; what does is made to break readers.
_DEEPEST = 500


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in a Rich Text file; deletions, hidden text, page heads and comments are out.

    Raises SourceUnreadable for bytes that are not Rich Text and SourceEmpty if there are no words.
    """
    if not content.lstrip()[:5].lower().startswith(b"{\\rtf"):
        raise SourceUnreadable("this is not a Rich Text document: it does not begin like one")
    walk = Walk()
    walk.through(content)
    flow = walk.finish()
    pieces = with_headings(with_code_joined(flow.found), flow.bold)
    title = walk.header.texts.get("title", "")
    return build(
        pieces,
        media_type=RTF,
        titled=[*walk.titles, *([title] if believable(title, pieces, name=name) else [])],
        name=name,
        author=author_of(walk.header.texts.get("author", "")),
        dated=walk.header.dated(),
    )


@dataclass(frozen=True, slots=True)
class _State:
    """What a group hands down to those in it: where its words go, how they and their paragraph are set."""

    destination: str = "body"
    encoding: str = ""
    symbol: bool = False
    fallback: int = 1
    hidden: bool = False
    deleted: bool = False
    bold: bool = False
    tiny: bool = False
    style: int = 0
    level: int | None = None
    tables: int = 0
    list: int = 0
    depth: int = 0
    listed: bool = False


class Walk:
    """Goes through the tokens of a file."""

    def __init__(self) -> None:
        self.header = Header()
        self.titles: list[str] = []
        self._state = _State()
        self._stack: list[tuple[_State, bool]] = []
        self._flows = [Flow()]
        self._bytes: list[bytes] = []
        self._fresh = False
        self._spelt_out = False
        self._set_anew = False
        self._starred = False
        self._skip = 0
        self._notes = 0
        self._letters = [0, 0]
        self._counts: dict[int, dict[int, int]] = {}

    def through(self, content: bytes) -> None:
        """Take all tokens."""
        for token in tokens(content):
            if token.kind in {"hex", "text"}:
                self._raw(token)
                continue
            self._flush()
            if token.kind == "open":
                self._open()
                continue
            if token.kind == "close":
                self._close()
            elif token.kind == "symbol":
                self._symbol(token.text.decode("latin-1"))
            else:
                self._word(token.text.decode("ascii"), token.number)
            self._fresh = False

    def finish(self) -> Flow:
        """End the text and return what it holds."""
        self._flush()
        while self._stack:
            self._close()
        self._paragraph()
        self._flows[0].table()
        return self._flows[0]

    def _open(self) -> None:
        if len(self._stack) >= _DEEPEST:
            raise SourceUnreadable(f"the Rich Text document nests its groups more than {_DEEPEST} deep")
        self._stack.append((self._state, False))
        self._fresh = True
        self._starred = False
        self._skip = 0
        self.header.opened(self._state.destination)

    def _close(self) -> None:
        self._skip = 0
        if not self._stack:
            return
        before, flowing = self._stack.pop()
        if flowing:
            self._paragraph()
            flow = self._flows.pop()
            self._ended(self._state.destination, flow.finish())
        self._state = before

    def _ended(self, destination: str, pieces: list[Piece]) -> None:
        """Put a note or a text box after the paragraph that it is anchored in."""
        flow = self._flows[-1]
        if destination != "footnote":
            flow.after.extend(pieces)
            return
        text = "\n".join(piece.text for piece in pieces).strip()
        if text:
            flow.after.append(Piece(BlockKind.FOOTNOTE, text))

    def _word(self, word: str, number: int | None) -> None:
        state = self._state
        if word == "u" and number is not None:
            self._say(chr(number & 0xFFFF))
            self._skip = state.fallback
        elif word == "uc":
            self._state = replace(state, fallback=max(0, number or 0))
        elif self._skip:
            self._skip -= 1
        elif self._enters(word) or state.destination == "skip":
            return
        elif word in SHOWN:
            self._say(SHOWN[word])
        elif not self._sets(word, number):
            self._breaks(word)
        if state.destination in _HEADER:
            self.header.take(state.destination, word, number)

    def _enters(self, word: str) -> bool:
        """Enter the destination that a word names, if it names one; those to be skipped are."""
        state, starred = self._state, self._starred
        self._starred = False
        if state.destination == "skip":
            return True
        if word in _SILENT or (starred and word not in _STARRED | _HEADER | _FLOWS):
            self._state = replace(state, destination="skip")
            return True
        if word in {"listtext", "pntext"}:
            self._spelt_out = True
            self._state = replace(state, destination="mark")
            return True
        if word in _FLOWS and self._stack:
            self._stack[-1] = (self._stack[-1][0], True)
            self._flows.append(Flow())
            self._notes += word == "footnote"
            self._state = replace(state, destination=word, tables=0, list=0, style=0, level=None)
            return True
        if word in _HEADER and word not in {"list", "listlevel", "listoverride"}:
            if state.destination in _HEADER or state.destination == "body":
                self._state = replace(state, destination=word)
            return True
        return False

    def _sets(self, word: str, number: int | None) -> bool:
        """Take a word that sets characters or paragraphs; return whether it was one."""
        state = self._state
        on = number != 0
        self._set_anew = self._set_anew or (word == "pard" and state.destination != "mark")
        changed = _SETTERS.get(word)
        if changed is not None:
            self._state = changed(state, number if number is not None else 0, on)
        elif word == "f":
            font = self.header.fonts.get(number or 0, "")
            self._state = replace(state, encoding=font if font != "symbol" else "", symbol=font == "symbol")
        elif word == "ansicpg":
            self.header.encoding = code_page(number or 1252)
        elif word in {"mac", "pc", "pca"}:
            self.header.encoding = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
        else:
            return False
        return True

    def _breaks(self, word: str) -> None:
        """Take a word that ends a paragraph, a cell or a row, or defines a row."""
        flow = self._flows[-1]
        if self._state.destination in _HEADER:
            return
        if word == "par" or (word in {"sect", "page"} and "".join(flow.words).strip()):
            self._paragraph()
        elif word in {"cell", "nestcell"}:
            self._paragraph(tables=max(1, self._state.tables))
            (flow.cell if word == "cell" else flow.nested_cell)()
        elif word in {"row", "nestrow"}:
            (flow.row if word == "row" else flow.nested_row)()
        elif word in {"trowd", "trhdr", "cellx", "clmrg", "clvmrg"}:
            flow.define(word)
        elif word == "chftn":
            self._say(
                f"[{self._notes}] " if self._state.destination == "footnote" else f"[{self._notes + 1}]"
            )

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            # It says something of the group that it begins, and nothing anywhere else.
            self._starred = self._fresh
        elif self._skip:
            self._skip -= 1
        elif symbol in {"\n", "\r"}:
            self._breaks("par")
        else:
            self._say(SYMBOLS.get(symbol, ""))

    def _raw(self, token: Token) -> None:
        """Take bytes; they are decoded together, as one character may have two."""
        text = token.text
        if self._skip:
            dropped = min(self._skip, len(text))
            self._skip -= dropped
            text = text[dropped:]
        self._bytes.append(text)

    def _flush(self) -> None:
        if not self._bytes:
            return
        content = b"".join(self._bytes)
        self._bytes.clear()
        if self._state.symbol:
            self._say("".join(shown("symbol", f"F0{byte:02X}") for byte in content))
        elif content:
            self._say(content.decode(self._state.encoding or self.header.encoding, errors="replace"))

    def _say(self, text: str) -> None:
        state = self._state
        destination = state.destination
        if destination in _HEADER:
            self.header.say(destination, text)
        elif destination == "mark":
            self._flows[-1].mark.append(text)
        elif destination != "skip" and not (state.hidden or state.deleted or state.tiny):
            self._flows[-1].words.append(text)
            self._letters[0 if state.bold else 1] += len(text.strip())

    def _paragraph(self, tables: int | None = None) -> None:
        """End the paragraph at hand, as what its style and list make of it."""
        state, flow = self._state, self._flows[-1]
        flow.words[:] = [_joined_surrogates("".join(flow.words))]
        bold = self._letters[0] > 0 and self._letters[1] == 0
        self._letters = [0, 0]
        depth = state.tables if tables is None else tables
        kind, level = self._kind()
        if kind is BlockKind.LIST_ITEM:
            flow.mark[:] = [self._mark("".join(flow.mark).strip())]
        flow.paragraph(kind, level, depth=depth, bold=bold)
        self._set_anew = False

    def _kind(self) -> tuple[BlockKind, int]:
        state, flow = self._state, self._flows[-1]
        chain = self.header.chain(state.style)
        level = state.level
        if level is None:
            level = next((style.level for style in chain if style.level is not None), None)
        if level is None or level > 8:
            named = next((found for style in chain if (found := heading_named(style.name))), None)
            level = named - 1 if named and level is None else None
        if level is not None and state.destination != "footnote":
            return BlockKind.HEADING, min(level, 5) + 1
        names = [style.name for style in chain[:2]]
        if any(map(is_title_named, names)) and (title := canonical_line("".join(flow.words))):
            self.titles.append(title)
            return BlockKind.HEADING, 1
        if any(map(is_contents_named, names[:1])):
            flow.words.clear()
        # Where marks are spelt out, a paragraph set anew in a list without one goes on with the item before.
        goes_on = self._spelt_out and self._set_anew
        if flow.mark or ((state.list or state.listed) and not goes_on):
            return BlockKind.LIST_ITEM, state.depth + 1
        return next((kind for name in names if (kind := kind_named(name))), BlockKind.PARAGRAPH), 0

    def _mark(self, spelt_out: str) -> str:
        """Return the mark of a list item: as it is spelt out in the file, else counted; none for a bullet."""
        state = self._state
        if spelt_out:
            counts_on = any(map(str.isalnum, spelt_out)) and spelt_out not in _BULLETS
            return spelt_out if counts_on else ""
        level = self.header.level(state.list, state.depth)
        if level is None or level.form in {"bullet", "none"}:
            return ""
        counts = self._counts.setdefault(state.list, {})
        counts[state.depth] = counts.get(state.depth, level.start - 1) + 1
        for deeper in [depth for depth in counts if depth > state.depth]:
            del counts[deeper]
        return f"{written(counts[state.depth], level.form)}."


def _plain_paragraph(state: _State, _: int, __: bool) -> _State:
    return replace(state, style=0, level=None, tables=0, list=0, depth=0, listed=False)


def _plain_words(state: _State, _: int, __: bool) -> _State:
    return replace(state, hidden=False, deleted=False, bold=False, tiny=False, encoding="", symbol=False)


_SETTERS: dict[str, Callable[[_State, int, bool], _State]] = {
    "pard": _plain_paragraph,
    "plain": _plain_words,
    "v": lambda state, _, on: replace(state, hidden=on),
    "deleted": lambda state, _, on: replace(state, deleted=on),
    "b": lambda state, _, on: replace(state, bold=on),
    "fs": lambda state, number, _: replace(state, tiny=0 < number <= _TINY),
    "s": lambda state, number, _: replace(state, style=number),
    "outlinelevel": lambda state, number, _: replace(state, level=number),
    "intbl": lambda state, _, __: replace(state, tables=max(1, state.tables)),
    "itap": lambda state, number, _: replace(state, tables=number),
    "ls": lambda state, number, _: replace(state, list=number, listed=number > 0),
    "ilvl": lambda state, number, _: replace(state, depth=min(max(number, 0), 8)),
    "pnlvlblt": lambda state, _, __: replace(state, listed=True),
    "pnlvlbody": lambda state, _, __: replace(state, listed=True),
}


def _joined_surrogates(text: str) -> str:
    """Join the halves of characters that were written as two."""
    if not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
