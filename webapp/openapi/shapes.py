"""What shape has each answer of the JSON API? mypy holds the code to these types, and the description is made
of them.

Offsets count code points. ``Annotated`` carries what JSON Schema can say beyond a Python type.
"""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypedDict

from webapp.openapi.schema import more

Place = Annotated[list[int], more(minItems=2, maxItems=2, description="first and after-last code point")]
Moment = Annotated[str, more(format="date-time")]
Day = Annotated[str, more(format="date")]
Permalink = Annotated[str, more(description="path of the link that lasts", pattern="^/p/")]
Chance = Annotated[float, more(minimum=0, maximum=1)]


class CitedSource(TypedDict):
    """Where a passage is from: the source and the revision of it that was read."""

    id: str
    title: str
    uri: str
    collection: str
    media_type: str
    revision: int
    sha256: str
    fetched_at: Moment
    day: Annotated[str, more(format="date", description="the day that the document is of")]


class Copy(TypedDict):
    """A passage of another document that says the same, or nearly the same."""

    same_words: bool
    passage_id: str
    permalink: Permalink
    source: CitedSource


class Abbreviation(TypedDict):
    """A short form in a passage's text, and the passage that explains it."""

    start: int
    end: int
    short: str
    long: str
    passage_id: str


class Form(TypedDict):
    """How a word of the question is written in a passage, and how often in one field."""

    form: str
    field: str
    count: int


class ScorePart(TypedDict):
    """A part of a score: that of a word has the forms found, the others say what their score is for."""

    part: str
    score: float
    word: NotRequired[str]
    forms: NotRequired[list[Form]]
    share: NotRequired[float]
    kind: NotRequired[bool]
    small: NotRequired[bool]
    of: NotRequired[str]


class Explanation(TypedDict):
    """Why a passage ranks where it does; the parts add up to the score."""

    passage_id: str
    score: float
    parts: list[ScorePart]
    reasons: list[str]


class PassagePlace(TypedDict):
    """Where a passage stands in its document."""

    language: str
    headings: list[str]
    pages: Annotated[list[int] | None, more(description="first and last page")]
    page_label: str
    start: int
    end: int


class Hit(PassagePlace):
    """A passage that answers, with its proof."""

    rank: int
    score: float
    passage_id: str
    permalink: Permalink
    text: Annotated[str, more(description="verbatim; highlights and best_sentence count in it")]
    highlights: list[Place]
    best_sentence: Place
    source: CitedSource
    also_in: list[Copy]
    alike: list[Copy]
    abbreviations: list[Abbreviation]
    explanation: Explanation | None


class StatedIn(TypedDict):
    """The document that a contradicting value stands in."""

    id: str
    title: str
    uri: str
    collection: str


class Statement(TypedDict):
    """One of the values that contradict one another, with its sentence."""

    value: str
    start: int
    end: int
    sentence: str
    passage_id: str
    permalink: Permalink
    day: Day
    source: StatedIn


class Conflict(TypedDict):
    """Values that documents disagree on."""

    kind: str
    values: list[Statement]


class Count(TypedDict):
    """How many passages match with one value; documents have a title, types a short name."""

    value: str
    count: int
    title: NotRequired[str]
    name: NotRequired[str]


Expanded = TypedDict("Expanded", {"for": str, "text": str})
Expanded.__doc__ = "Words that stand for a word of the question."


class Expansions(TypedDict):
    """What was, or could be, searched for besides the words of the question."""

    used: bool
    words: list[Expanded]


class Answer(TypedDict):
    """What answers a question: the passages that match best, and what is known of all that match."""

    query: str
    total: int
    took_ms: float
    generation: int
    corrected: str | None
    confidence: Literal["strong", "partial", "weak", "none"]
    probability: Chance
    missing: list[str]
    unmet: Annotated[list[str], more(description="demanded words that no passage has so")]
    expansions: Expansions
    conflicts: list[Conflict]
    facets: dict[str, list[Count]] | None
    hits: list[Hit]


class Suggested(TypedDict):
    """How a question may go on."""

    text: str
    kind: str


class Suggestions(TypedDict):
    """Ways in which a question that is being typed may go on, the likeliest first."""

    query: str
    suggestions: list[Suggested]


class Selector(TypedDict):
    """A W3C selector (https://www.w3.org/TR/annotation-model/#selectors): by quotation, or by position."""

    type: Literal["TextQuoteSelector", "TextPositionSelector", "FragmentSelector"]
    exact: NotRequired[str]
    prefix: NotRequired[str]
    suffix: NotRequired[str]
    start: NotRequired[int]
    end: NotRequired[int]
    conformsTo: NotRequired[str]
    value: NotRequired[str]


class PassageNow(TypedDict):
    """The passage that holds the words today, or those nearest to them."""

    passage_id: str
    permalink: Permalink
    text: str
    likeness: Chance
    source_id: str


class Elsewhere(TypedDict):
    """A passage of another document that has the words today."""

    passage_id: str
    permalink: Permalink
    source: CitedSource


class CitedPassage(PassagePlace):
    """A passage as it was cited, and what became of it since."""

    passage_id: str
    permalink: Permalink
    status: Literal["current", "moved", "changed", "removed"]
    text: str
    source: CitedSource
    selectors: list[Selector]
    retired_at: Moment | None
    now: PassageNow | None
    elsewhere: list[Elsewhere]


class Reason(TypedDict):
    """Why a document could not be read, and what to do."""

    code: str
    reason: str | None
    remedy: str | None


class ListedDocument(TypedDict):
    """A document in the list."""

    id: str
    title: str
    uri: str
    collection: str
    state: Literal["pending", "reading", "ready", "failed", "removed"]
    passages: int
    added_at: Moment
    changed_at: Moment
    error: Reason | None


class Documents(TypedDict):
    """A part of the list of documents; ``total`` counts all."""

    total: int
    documents: list[ListedDocument]


class Particular(TypedDict):
    """What a document states of itself: its licence, owner, publisher, or who a message is from."""

    name: str
    value: str


class ReadDocument(TypedDict):
    """What was read of a document, and of which bytes."""

    title: str
    language: str
    characters: int
    media_type: str
    revision: int
    sha256: str
    size: int
    fetched_at: Moment
    reader: str
    author: str
    dated: Annotated[str | None, more(format="date", description="the day that the document states")]
    url: Annotated[str, more(description="the address that the document gives as its own, or nothing")]
    particulars: list[Particular]


class PassageOf(PassagePlace):
    """A passage of a document."""

    passage_id: str
    permalink: Permalink


class OneDocument(ListedDocument):
    """A document with what was read of it, if it has been read, and its passages in order."""

    found: Annotated[bool, more(description="the index has all of its passages as they are now")]
    document: ReadDocument | None
    cited_as: list[PassageOf]


class Token(TypedDict):
    """What a change must carry in its header X-CSRFToken, with the cookie that comes beside it."""

    csrf_token: str


class Taken(TypedDict):
    """What became of a file: it is accepted and will be read, or was here already."""

    id: str | None
    uri: str
    outcome: str
    title: str
    error: None


class Problem(TypedDict):
    """What is wrong, for programs and people (RFC 9457); ``code`` is ours, ``remedy`` says what to do."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    remedy: str


class RefusedFile(Problem):
    """A file that is not taken in."""

    uri: str
    outcome: str
    error: Reason
