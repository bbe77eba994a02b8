"""Prose is searched in small letters, which finds what `re.IGNORECASE` would find in the prose."""

import re
import sys

import pytest

from benchmarks.claims import read_sentences
from styling.checks import prose_gate, weather_claims, words
from styling.checks.excuses import blank_out, fold

PATTERNS = [
    words.NOUN, words.IDIOMS, weather_claims.RAIN, weather_claims.SNOW, weather_claims.SUN, weather_claims.DRY,
    weather_claims.STORM, weather_claims.WIND, weather_claims.CALM, weather_claims.HEAT, weather_claims.WARM,
    weather_claims.BELOW_ZERO, weather_claims.IDIOMS, prose_gate.HINT, prose_gate.IS_ARTICLE,
]  # fmt: skip
TEXTS = [
    shown(one.text)
    for one in read_sentences()
    for shown in (str, str.upper, str.title)
]  # fmt: skip


def test_no_letter_becomes_longer_or_another() -> None:
    letters = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
    assert [one for one in letters if len(fold(one)) != 1] == []
    taken = [one for one in letters if re.fullmatch("[a-z]", one, re.IGNORECASE)]
    assert {fold(one) for one in taken} == set("abcdefghijklmnopqrstuvwxyz")


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda one: one.pattern[:30])
def test_a_pattern_of_small_letters_has_no_others(pattern: re.Pattern[str]) -> None:
    letters = re.sub(r"\\\w|\(\?P<", "", pattern.pattern)
    assert letters == letters.lower()


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda one: one.pattern[:30])
def test_small_letters_find_what_any_case_would(pattern: re.Pattern[str]) -> None:
    any_case = re.compile(pattern.pattern, re.IGNORECASE)
    for text in TEXTS:
        found = [match.span() for match in pattern.finditer(fold(text))]
        assert found == [match.span() for match in any_case.finditer(text)], text


def test_what_is_blanked_leaves_the_rest_as_it_is_spelled() -> None:
    assert blank_out("İt Rains, RAIN!", re.compile("rain")) == "İt ····s, ····!"
