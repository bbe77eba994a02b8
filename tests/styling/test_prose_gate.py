"""False clauses stay behind while words run on."""

import pytest

from benchmarks.claims import CODES, build_claims, judge, measure, read_sentences
from styling.checks.claims import Claims, Clause
from styling.checks.prose_gate import ProseGate, edit_prose
from tests.styling.wardrobes import ask, make_wardrobe, make_weather

CONTEXT = ask(make_wardrobe(), make_weather(18))
TRUE = "The Green polo leads, the Beige chinos follow.\n\nIt stays dry and mild. Enjoy the day."


def play(text: str, size: int) -> tuple[list[str], ProseGate]:
    """What the gate lets through, chunk by chunk."""
    gate = ProseGate.of(build_claims("mild"), CONTEXT)
    parts = [gate.feed(text[i : i + size]) for i in range(0, len(text), size)]
    return [*parts, gate.finish()], gate


@pytest.mark.parametrize("size", [1, 3, 8, 500])
def test_true_words_come_through_as_they_are(size: int) -> None:
    parts, gate = play(TRUE, size)
    assert "".join(parts) == gate.kept == TRUE
    assert gate.withheld == 0


@pytest.mark.parametrize("size", [1, 4, 500])
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The Green polo leads, a red scarf follows.", "The Green polo leads."),
        ("A red scarf leads, the Green polo follows.", "The Green polo follows."),
        ("If it is late, take the golden umbrella. Have fun.", "Have fun."),
        ("Enjoy it.\n\nMind the puddles.\n\nHave fun.", "Enjoy it.\n\n\n\nHave fun."),
        ("No scarf, gloves or hat today.", "No scarf, gloves or hat today."),
        ("A scarf can stay at home.", "A scarf can stay at home."),
    ],
)
def test_a_false_clause_stays_behind(text: str, kept: str, size: int) -> None:
    parts, gate = play(text, size)
    assert gate.kept.strip() == kept
    assert not any(word in "".join(parts) for word in ("red", "golden", "puddles"))


def test_words_run_freely_up_to_what_may_name_something() -> None:
    parts, _ = play("You will look relaxed and ready ", 500)
    assert parts[0] == "You will look relaxed and ready"
    parts, _ = play("You will look relaxed in the red ", 500)
    assert parts[0].rstrip() == "You will look relaxed in"


@pytest.mark.parametrize(
    ("text", "judged"),
    [
        ("You will look ready, relaxed and ", 0),
        ("You will look ready in the red scarf, relaxed and ", 1),
    ],
)
def test_a_clause_without_a_word_that_may_name_something_is_judged_at_its_end_only(
    monkeypatch: pytest.MonkeyPatch, text: str, judged: int
) -> None:
    seen: list[str] = []
    judge_sentence = Claims.judge_sentence

    def note(self: Claims, sentence: str) -> list[Clause]:
        seen.append(sentence)
        return judge_sentence(self, sentence)

    monkeypatch.setattr(Claims, "judge_sentence", note)
    gate = ProseGate.of(build_claims("mild"), CONTEXT)
    gate.feed(text)
    assert len(seen) == judged
    gate.finish()
    assert len(seen) == judged + 1


def test_no_cut_of_a_sentence_changes_what_is_kept() -> None:
    text = "Start with the Green polo: 18.5 degrees, no wind. A cap? Not today; the sneakers, white, do."
    whole = edit_prose(build_claims("mild"), text)
    assert {play(text, size)[1].kept for size in range(1, 30)} == {whole.text}


def test_precision_and_recall_hold_on_labelled_sentences() -> None:
    sentences = read_sentences()
    assert len(sentences) == 500
    assert len({(one.context, one.text) for one in sentences}) == 500
    quality = measure(judge(read_sentences("test")), CODES)
    assert quality.precision >= 0.96
    assert quality.recall >= 0.93
