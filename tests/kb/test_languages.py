from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.languages import assign, detect, question_language

LANGUAGES = {"en", "es", "other"}
ENGLISH = "A mandated reporter must call the county at once and write a report within two days."
SPANISH = "La persona que sospecha un abuso debe llamar al condado y escribir un informe en dos días."
PORTUGUESE = "Quem suspeita de abuso deve ligar para o condado e escrever um relatório em dois dias."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (SPANISH, "es"),
        (PORTUGUESE, "other"),
        ("Appelez la ligne d'aide du comté si un enfant est en danger.", "other"),
        ("Chiamate subito la contea se un bambino è in pericolo.", "other"),
        ("Rufen Sie den Bezirk an, wenn ein Kind in Gefahr ist.", "other"),
        ("Hãy gọi ngay cho quận nếu quý vị nghi ngờ trẻ em bị lạm dụng.", "other"),
        ("Tumawag kaagad sa county kung inaabuso ang isang bata.", "other"),
        ("如果您怀疑有儿童受到虐待，请立即拨打热线电话。", "other"),
        ("아동 학대가 의심되면 바로 전화해 주십시오.", "other"),
        ("اتصل فورا بالخط الساخن إذا كان الطفل في خطر.", "other"),
        ("Risk factors", "en"),
        ("Warning signs", "en"),
        ("Factores de riesgo", "es"),
        ("SEÑALES DE ADVERTENCIA", "es"),
        ("Preguntas frecuentes", "es"),
    ],
)
def test_the_language_of_a_text_is_told(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "800-555-0100", "§ 12 (3)", "—", "\n\n"])
def test_a_text_without_words_is_of_another_language(text: str) -> None:
    assert detect(text) == "other"


def test_pages_of_text_are_told_by_their_beginning() -> None:
    assert detect(SPANISH * 5000) == "es"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("que cambio con la ley", "es"),
        ("signos de que un joven es victima", "es"),
        ("a quien llamo de noche", "es"),
        ("cuantos dias tengo para apelar", "es"),
        ("¿Dónde pido ayuda?", "es"),
        ("hotline number", "en"),
        ("star court", "en"),
        ("who do I call at night", "en"),
        ("SB 855 (2014)", "en"),
        ("", "en"),
        ("213", "en"),
        ("como posso pedir ajuda para a minha filha em português", "other"),
    ],
)
def test_the_language_of_a_typed_question_is_told(question: str, language: str) -> None:
    assert question_language(question) == language


def test_a_block_too_short_to_tell_takes_the_language_of_its_surroundings() -> None:
    short = ["LGBTQ", "SB 855 (2014):", "800-655-4095", "Los Angeles", "Hospital"]
    assert set(assign([ENGLISH, *short, ENGLISH])) == {"en"}
    assert set(assign([SPANISH, *short, "Resources", SPANISH])) == {"es"}
    assert set(assign([PORTUGUESE, *short, PORTUGUESE])) == {"other"}


def test_short_blocks_before_the_first_sentence_take_its_language() -> None:
    assert assign(["800-555-0100", "LGBTQ", SPANISH]) == ["es", "es", "es"]


def test_a_sentence_in_the_other_language_keeps_its_own() -> None:
    assert assign([ENGLISH, SPANISH, ENGLISH, ENGLISH]) == ["en", "es", "en", "en"]
    assert assign([SPANISH, SPANISH, ENGLISH, SPANISH]) == ["es", "es", "en", "es"]
    assert assign([ENGLISH, PORTUGUESE, ENGLISH]) == ["en", "other", "en"]


def test_the_halves_of_a_bilingual_document_are_told_apart() -> None:
    blocks = ["Know your rights", ENGLISH, "213-555-0100", "Conozca sus derechos", SPANISH, "213-555-0100"]
    assert assign(blocks) == ["en", "en", "en", "es", "es", "es"]


def test_spanish_names_make_no_line_spanish() -> None:
    names = ["Contact: María Elena Rodríguez", "José García"]
    assert set(assign([ENGLISH, *names, ENGLISH])) == {"en"}


def test_code_and_addresses_take_the_language_around_them() -> None:
    between = [
        "pip install --upgrade my_tool==2.0",
        "1234 N. Main St., Los Angeles, CA 90012",
        "a@example.org",
    ]
    assert set(assign([SPANISH, *between, SPANISH])) == {"es"}


def test_lines_of_names_in_capitals_take_the_language_around_them() -> None:
    assert set(assign([SPANISH, "WALTER HOWARD - JOHN E. BAKER", SPANISH])) == {"es"}


def test_a_line_without_spaces_in_another_script_keeps_its_language() -> None:
    assert assign([ENGLISH, "请在2024年5月1日之前拨打热线电话800申请帮助。", ENGLISH]) == [
        "en",
        "other",
        "en",
    ]


def test_a_document_in_which_nothing_tells_is_taken_for_english() -> None:
    assert assign(["12", "34"]) == ["en", "en"]
    assert assign([]) == []


@given(st.lists(st.one_of(st.text(), st.sampled_from([ENGLISH, SPANISH, PORTUGUESE, "12"])), max_size=12))
def test_every_block_gets_a_language(texts: list[str]) -> None:
    languages = assign(texts)
    assert len(languages) == len(texts)
    assert set(languages) <= LANGUAGES
    assert {detect(text) for text in texts} | {question_language(text) for text in texts} <= LANGUAGES


def test_threads_agree() -> None:
    texts = [ENGLISH, SPANISH, PORTUGUESE, "Factores de riesgo", "Risk factors"] * 20
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(detect, texts)) == [detect(text) for text in texts]


def test_importing_the_module_reads_no_model() -> None:
    code = "import sys, kb.languages; sys.exit('py3langid' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_the_rows_of_a_table_say_again_and_again_does_not_make_it_a_third_language() -> None:
    rows = [
        "Product | Quantity",
        *(f"Widget {letter} | {amount}" for amount, letter in enumerate("ABCDEFGHIJ")),
    ]
    assert set(assign(rows)) == {"en"}
    assert set(assign(["Name | Address", *(f"John Smith{n} | {n} Corporate HQ" for n in range(20))])) == {
        "en"
    }


def test_a_document_that_speaks_clearly_for_a_third_language_needs_no_margin_in_its_short_lines() -> None:
    blocks = [
        "Bij beschikking van de rechter van het kanton werd een bewindvoerder aangesteld.",
        "naam",
        "datum",
    ]
    assert set(assign(blocks)) == {"other"}
