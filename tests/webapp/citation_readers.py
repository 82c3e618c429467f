"""What do programs that read citations make of ours? BibTeX's way with braces, and Markdown made a page."""

import re

from markdown_it import MarkdownIt


def bibtex_fields(entry: str) -> dict[str, str]:
    """Return the fields of an entry as BibTeX parts them: by braces, which a backslash does not escape.

    See "BibTeXing" by Oren Patashnik, and Tame the BeaST (section 8) on braces in fields.
    """
    head = re.match(r"@misc\{[^,{}]+,", entry)
    assert head is not None
    fields, at = {}, head.end()
    while named := re.compile(r"\s*(\w+) = \{").match(entry, at):
        start, depth = named.end(), 1
        at = start
        while depth:
            depth += {"{": 1, "}": -1}.get(entry[at], 0)
            at += 1
        assert entry[at] == ","
        fields[named[1]] = entry[start : at - 1]
        at += 1
    assert entry[at:].strip() == "}"
    return fields


def markdown_reading(written: str) -> tuple[str, list[str]]:
    """Return the words of a quotation as a page shows them, and the addresses of its links.

    It must become a quotation of paragraphs and a paragraph with a link; anything else fails.
    """
    words, addresses = [], []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(written):
        assert token.type in {
            "blockquote_open", "blockquote_close", "paragraph_open", "paragraph_close", "inline",
        }, token  # fmt: skip
        for inner in token.children or ():
            assert inner.type in {"text", "softbreak", "link_open", "link_close", "text_special"}, inner
            words.append(" " if inner.type == "softbreak" else inner.content)
            if inner.type == "link_open":
                addresses.append(str(inner.attrs["href"]))
        words.append(" " if token.type == "paragraph_close" else "")
    return "".join(words), addresses
