from __future__ import annotations

import itertools
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.sentences import _ask_punkt, _punkt_breaks, sentence_spans

PIECES = st.sampled_from(
    "Dr. U.S. EE. UU. p.m. etc. a The él ¿Qué ? ! . ... … ) ” « 1. 5 .2 。 文 - § www.a.org/x?y=1 No.".split()
)
SPACES = st.sampled_from(["", " ", "  ", "\n", "\n\n"])


def sentences(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


def shown(marked: str, language: str) -> None:
    """Check that a text is split where, and only where, a bar stands."""
    parts = marked.split(" | ")
    assert sentences(" ".join(parts), language) == parts


@pytest.mark.parametrize(
    "marked",
    [
        "He lives here. | She does not. | Do you? | Yes!",
        "The U.S. House met. | He lives in the U.S. | The law changed.",
        "Section 16 U.S.C. 1591 applies. | See Doe v. Roe, 410 U.S. 113 (1973).",
        "Dr. Lee and J. R. Smith Jr. came at 9 a.m. on Jan. 5, 2014. | It was cold.",
        "It opens at 8 a.m. and closes at 5 p.m. | The office is free.",
        "See Art. 4, Sec. 5 and Fig. 3. | Then read No. 7.",
        "I said no. | Then modern art. | Children love it.",
        "Bring food, clothes, etc. | The office has more.",
        "Use a helper, e.g. a teacher, i.e. someone you trust.",
        "A Ph.D. student met Mr. Brown of Acme Inc. on St. James Ave. in May.",
        "It costs $3.50, or 3.5% of .5 mg. | Version 2.0.1 is out.",
        "Visit www.example.org/a?b=1. | Write to a.b@example.org. | Call ext. 12.",
        "“Are you well?” she asked. | He said “Stop!” and left. | “No.” | Then he came.",
        "(See the next page.) | The court agreed. | [It did.] | 'Yes.' | Done.",
        "They were sold for drugs).”1 | Although rare, it happens.2 | The rest is known.",
        "Wait... | What? | He waited … and then left. | He stopped… | Then he ran.",
        "1. Call us. | 2. Write to us. | 3. Wait.",
        "The approx. 50 youth were there. | 95% of them stayed.",
        "Section 2.4 The court may act. | See p.3 The list is long.",
        "All of paragraph (1)(A). | (ii) The next one.",
        "go to the page. | click the name. | what is it? | it is this.",
    ],
)
def test_english_is_split_at_the_ends_of_sentences(marked: str) -> None:
    shown(marked, "en")


@pytest.mark.parametrize(
    "marked",
    [
        "¿Qué es esto? | Es una ley. | ¡Ayuda! | Llame ya.",
        "La Sra. López vive en EE. UU. | El Sr. Díaz también. | ¿Y usted?",
        "Vive en EE. UU. | ¿Qué más necesita? | Abre a las 9 a.m. | ¿Necesita ayuda?",
        "Según el art. 5, inc. c), y el núm. 7 de la pág. 3, se aprueba. | Fin.",
        "Uds. pueden venir. | La Dra. Ana y el Lic. J. Pérez atienden a las 9 a.m. del lunes.",
        "ARTICULO 13.- Facúltase al consejo. | Art. 3º — Apruébase.",
        "Los niños, p. ej. los menores, p.ej. los bebés, etc. | También los padres.",
        "«No sé.» | Luego dijo: «¡Basta!» y salió.",
        "Eso dijo el juez Pérez.3 | Después no habló.",
        "Empresa S.A. de C.V. es grande. | Está en Av. Juárez 5, Col. Centro.",
        "Esperó... | Luego salió. | Empezó a... querer irse.",
    ],
)
def test_spanish_is_split_at_the_ends_of_sentences(marked: str) -> None:
    shown(marked, "es")


def test_a_text_in_any_language_knows_the_abbreviations_of_both() -> None:
    shown("Sra. López met Dr. Lee. | Uds. came.", "en")
    shown("El Sr. Díaz vio a Mr. Brown. | Luego salió.", "es")
    shown("Sr. Díaz, St. Louis, pág. 3. | Ende.", "other")


def test_scripts_without_spaces_are_split_at_their_full_stops() -> None:
    assert sentences("他说。“好吗？”她走了！", "other") == ["他说。", "“好吗？”", "她走了！"]


def test_a_line_end_always_ends_a_sentence() -> None:
    assert sentences("A heading\n\nText on\ntwo lines. More") == [
        "A heading",
        "Text on",
        "two lines.",
        "More",
    ]


def test_a_text_without_words_has_no_sentences() -> None:
    assert sentences("") == []
    assert sentences(" \n ") == []


@given(
    st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join)), st.sampled_from(["en", "es", "other"])
)
def test_sentences_cover_a_text_in_order(text: str, language: str) -> None:
    spans = sentence_spans(text, language)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
    assert not any("\n" in text[start:end] for start, end in spans)
    assert "".join("".join(text[s:e] for s, e in spans).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "text", ["word " * 60_000, "x" * 300_000, "." * 300_000, ". " * 150_000, "?)" * 150_000]
)
def test_the_time_grows_with_the_text_and_not_with_its_square(text: str) -> None:
    sentences("Once. Twice.")
    began = time.perf_counter()
    assert len(sentences(text)) == 1
    assert time.perf_counter() - began < 5


def test_importing_the_module_does_not_import_nltk() -> None:
    code = "import sys, kb.sentences; sys.exit('nltk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(
    st.text("abcdñÁé.-1'", min_size=1, max_size=6) | st.sampled_from("no etc U.S ext Ave EE St a 7".split()),
    st.sampled_from("The then Á 7 Foo los x Ñandú".split()),
    st.sampled_from(["en", "es", "other"]),
)
def test_what_punkt_is_not_asked_it_would_answer_so(word: str, after: str, language: str) -> None:
    assert _punkt_breaks(word, after, language) == _ask_punkt(word, after, language)


def test_punkt_is_had_without_the_rest_of_nltk_and_leaves_nothing_behind() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from kb.sentences import sentence_spans;"
            "print(sentence_spans('See St. Mary at 5 p.m. X. Then go. The end.', 'en'));"
            "print([name for name in sys.modules if name.startswith(('nltk', 'scipy'))]);"
            "import nltk; print(nltk.tokenize.punkt.PunktParameters.__name__)",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert told[1:] == ["[]", "PunktParameters"]
    assert told[0] == str(sentence_spans("See St. Mary at 5 p.m. X. Then go. The end.", "en"))
