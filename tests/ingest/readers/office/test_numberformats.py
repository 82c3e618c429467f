from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.office.numberformats import BUILT_IN, general, shown


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (0.255, "0%", "26%"),
        (0.0825, "0.00%", "8.25%"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (1234.5, '"$"#,##0.00', "$1,234.50"),
        (1234.5, "[$€-40A] #,##0", "€ 1,235"),
        (-12, "#,##0;(#,##0)", "(12)"),
        (-12.5, "0.0", "-12.5"),
        (0, '0;-0;"none"', "none"),
        (5, '0 "days"', "5 days"),
        (7, "000", "007"),
        (1.50, "0.##", "1.5"),
        (3.0, "0.##", "3"),
        (2500000, '0.0,,"M"', "2.5M"),
        (12345, "0.00E+00", "1.23E+04"),
        (1.25, "# ?/?", "1 1/4"),
        (1, "[=1]0 \"day\";0 \"days\"", "1 day"),
        (3, "[=1]0 \"day\";0 \"days\"", "3 days"),
        (45356, "m/d/yyyy", "3/5/2024"),
        (45356, "yyyy-mm-dd", "2024-03-05"),
        (45356, "dddd, mmmm d, yyyy", "Tuesday, March 5, 2024"),
        (45356, '[$-C0A]d "de" mmmm "de" yyyy', "5 de marzo de 2024"),
        (45356, 'd "de" mmmm "de" yyyy', "5 de marzo de 2024"),
        (2135550100, "(000) 000-0000", "(213) 555-0100"),
        (2135550100, "[<=9999999]###-####;(###) ###-####", "(213) 555-0100"),
        (5550100, "[<=9999999]###-####;(###) ###-####", "555-0100"),
        (12345678, "000-00-0000", "012-34-5678"),
        (902101234, "00000-0000", "90210-1234"),
        (12135550100, "(000) 000-0000", "(1213) 555-0100"),
        (123456, "00-00.00", "1234-56.00"),
        (45356.75, "m/d/yy h:mm AM/PM", "3/5/24 6:00 PM"),
        (0.5, "h:mm:ss", "12:00:00"),
        (1.5, "[h]:mm", "36:00"),
        (61, "d mmm yyyy", "1 Mar 1900"),
        (1, "d mmm yyyy", "1 Jan 1900"),
        (10, "General", "10"),
        (0.1 + 0.2, "General", "0.3"),
        (123456789012, "General", "123456789012"),
        (2.675, "0.00", "2.68"),
        (5, ";;;", ""),
        (9e9, "yyyy", "9000000000"),
    ],
)  # fmt: skip
def test_numbers_read_as_people_see_them(value: float, code: str, expected: str) -> None:
    assert shown(value, code) == expected


def test_days_may_be_counted_from_1904() -> None:
    assert shown(43894, "yyyy-mm-dd", since_1904=True) == "2024-03-05"


@given(
    st.floats(),
    st.text(alphabet='0#?.,%;"$[]@/\\_*-+EGenrlymdhs AMP/€=<>1 ', max_size=30)
    | st.sampled_from(sorted(BUILT_IN.values())),
)
def test_any_format_shows_any_number_in_some_way(value: float, code: str) -> None:
    assert isinstance(shown(value, code), str)


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_keep_all_their_digits(value: int) -> None:
    assert general(float(value)) == str(value)
    assert shown(float(abs(value)), "#,##0").replace(",", "") == str(abs(value))


def test_what_is_no_number_shows_nothing() -> None:
    assert shown(math.nan, "0") == ""
