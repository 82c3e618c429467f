from __future__ import annotations

import string
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import codes
from index.analysis import Analyzer, analyzer

ENGLISH, SPANISH = analyzer("en"), analyzer("es")


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("SB 855", ["sb", "855", "sb855"]),
        ("647(b)", ["647", "b", "647b"]),
        ("653.22", ["653", "22", "653.22"]),
        ("653.22(b)", ["653", "22", "b", "653.22", "653.22b"]),
        ("501(c)(3)", ["501", "c", "3", "501c", "501c3"]),
        ("W-9", ["w", "9", "w9"]),
        ("12-14", ["12", "14", "12-14"]),
        ("12–14", ["12", "14", "12-14"]),
        ("95%", ["95", "95%"]),
        ("95 %", ["95", "95%"]),
        ("C++", ["c", "c++"]),
        ("$650,000", ["650000"]),
        ("650000", ["650000"]),
        ("$1,250.50", ["1250", "50", "1250.50"]),
        ("(888) 373-7888", ["888", "373", "7888", "8883737888", "#phone"]),
        ("888.373.7888", ["888", "373", "7888", "8883737888", "#phone"]),
        ("1-888-373-7888", ["1", "888", "373", "7888", "8883737888", "#phone"]),
        ("18883737888", ["1", "888", "373", "7888", "18883737888", "8883737888"]),
        ("8883737888", ["888", "373", "7888", "8883737888"]),
        ("U.S. U.S.A.", ["us", "usa"]),
        ("parent(s)", ["parent", "s", "parent"]),
        ("e-mail", ["e", "mail", "email"]),
        ("the child's parents’ O'Neill", ["the", "child", "parent", "oneil"]),
        ("HIV/AIDS", ["hiv", "aid"]),
        ("24/7", ["24", "7", "24/7"]),
        ("www.dmh.lacounty.gov", ["www", "dmh", "lacounti", "gov", "dmhlacountygov", "#web"]),
        ("a@b.org", ["a", "b", "org", "aborg", "#email"]),
        ("ﬁling naïve résumés", ["file", "naiv", "resum"]),
        ("— … ( ) - ' \"", []),
    ],
)
def test_words_and_codes_give_their_parts_and_their_whole_form(text: str, terms: list[str]) -> None:
    assert ENGLISH.terms(text) == terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("explotación", "explotaciones"),
        ("explotación", "EXPLOTACION"),
        ("niños", "ninos"),
        ("tecnología", "tecnologias"),
        ("tenían", "tenian"),
        ("víctima", "victimas"),
        ("650.000", "650000"),
        ("1,5", "1.5"),
    ],
)
def test_spanish_words_meet_their_forms_and_spellings(one: str, other: str) -> None:
    assert SPANISH.terms(one)[-1] == SPANISH.terms(other)[-1]


def test_each_language_has_its_own_stems_and_other_languages_have_none() -> None:
    assert ENGLISH.terms("running shelters") == ["run", "shelter"]
    assert SPANISH.terms("corriendo refugios") == ["corr", "refugi"]
    assert analyzer("other").terms("Häuser running") == ["hauser", "running"]
    assert analyzer("fr") is analyzer("fr")
    assert analyzer("fr").terms("maisons") == ["maisons"]


def test_stop_words_are_marked_and_kept() -> None:
    small = {token.term: token.small for token in ENGLISH.tokens("What isn't the shelter's and/or AT&T")}
    assert small == {
        "what": True,
        "isnt": True,
        "the": True,
        "shelter": False,
        "and": True,
        "or": True,
        "at": True,
        "t": True,
        "att": False,
    }
    assert [token.small for token in SPANISH.tokens("¿Cuáles son? cuales MÁS refugio")] == [True] * 4 + [
        False
    ]


@pytest.mark.parametrize("apostrophe", ["'", "’", "ʼ"])
def test_contractions_are_small_and_the_words_they_look_like_are_not(apostrophe: str) -> None:
    drawn_together = "I'd we'll She'd they've WHO'RE would've that'll couldn't I'd've it's there're can't"
    assert all(token.small for token in ENGLISH.tokens(drawn_together.replace("'", apostrophe)))
    assert not any(token.small for token in ENGLISH.tokens("id shed ill wed well hell O'Brien d'accord"))


def test_tokens_stand_where_their_words_stand() -> None:
    text = "Call (888) 373-7888 about § 653.22(b)."
    spans = {token.term: text[token.start : token.end] for token in ENGLISH.tokens(text)}
    assert spans == {
        "call": "Call",
        "#phone": "(888) 373-7888",
        "888": "888",
        "373": "373",
        "7888": "7888",
        "8883737888": "(888) 373-7888",
        "about": "about",
        "653": "653",
        "22": "22",
        "b": "b",
        "653.22": "653.22",
        "653.22b": "653.22(b)",
    }


WORDS = st.text(st.characters(categories=["L"]), min_size=1, max_size=12)


@given(WORDS | st.sampled_from(["http", "https", "www", "The", "él", "May", "IV", "oʼclock"]))
def test_a_word_of_letters_has_the_tokens_that_a_code_of_one_part_has(word: str) -> None:
    for analysis in (ENGLISH, SPANISH, analyzer("other")):
        if codes.is_word(word):
            assert analysis._of_letters(word) == analysis._coded(word)


@given(st.text(max_size=80), st.sampled_from(["en", "es", "other"]))
def test_every_reading_of_any_text_agrees(text: str, language: str) -> None:
    analysis = analyzer(language)
    tokens = analysis.tokens(text)
    words, wholes = analysis.words(text)
    assert [token.term for token in tokens] == analysis.terms(text)
    assert [token.term for token in tokens if not token.whole] == words
    assert [token.term for token in tokens if token.whole] == wholes
    assert all(0 <= token.start < token.end <= len(text) and token.term for token in tokens)
    terms, begins, ends, whole = analysis.placed(text)
    assert list(zip(terms, begins, ends, strict=True)) == [token[:3] for token in tokens]
    assert whole == [at for at, token in enumerate(tokens) if token.whole]
    starts = [token.start for token in tokens if not token.whole]
    assert starts == sorted(starts)


@given(st.text(alphabet="aáeéiíoóuúnñcdlrs", max_size=12))
def test_spanish_without_accents_is_read_as_with_them(word: str) -> None:
    plain = word.translate(str.maketrans("áéíóúñ", "aeioun"))
    assert SPANISH.terms(word) == SPANISH.terms(plain)


@pytest.mark.parametrize(
    ("one", "other"), [("university", "universal"), ("organ", "organization"), ("later", "lateral")]
)
def test_words_of_different_meaning_keep_different_stems(one: str, other: str) -> None:
    assert ENGLISH.terms(one) != ENGLISH.terms(other)


def test_threads_that_stem_at_once_find_the_same() -> None:
    words = [f"{first}{second}ingly" for first in string.ascii_lowercase for second in string.ascii_lowercase]
    alone = [Analyzer("en").terms(word) for word in words]
    shared = Analyzer("en")
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda _: [shared.terms(word) for word in words], range(8)))
    assert all(found == alone for found in together)


def test_stemming_does_not_import_nltk() -> None:
    program = "import sys; from index.analysis import analyzer; analyzer('en').terms('shelters'); "
    program += "sys.exit('nltk' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)
