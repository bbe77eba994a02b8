"""Each move of an operator is one line of the log, and says who by number alone."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from monitoring.alerts import handling
from monitoring.models import Alert
from registry import inference
from registry.canary.service import start_canary, stop_canary
from registry.evaluation.thresholds import Thresholds
from registry.models import Alias, Prompt
from registry.services import releases
from registry.services.overrides import set_thresholds
from tests.dresscode.lines import Kept, keep_lines
from tests.factories import make_operator
from tests.monitoring.alerts.rows import make_rule
from tests.registry.golden import evaluate, make_draft, recall_guests
from tests.registry.toy import Guest

pytestmark = pytest.mark.django_db(transaction=True)

CANARIES = ["canary-mail-5e21", "canary-name-5e21", "canary-why-5e21", "canary-prompt-5e21"]
MAIL, NAME, WHY, WORDS = CANARIES
UNASKED = {"change_dataset", "write_version", "start_evaluation"}
"""What the test does to get there."""


@pytest.fixture
def kept() -> Iterator[Kept]:
    with keep_lines() as kept:
        yield kept


@pytest.fixture
def operator() -> User:
    return make_operator(f"{MAIL}@example.org", first_name=NAME)


def test_each_move_is_one_line_without_a_word_of_anybody(
    prompt: Prompt, operator: User, tmp_path: Path, kept: Kept
) -> None:
    by = {"actor": operator, "reason": WHY}
    golden = recall_guests(tmp_path)
    first, second = make_draft(prompt), make_draft(prompt, system=WORDS)
    evaluate(first, golden)
    evaluate(second, golden)
    releases.promote_version(version=first, **by)
    stop_canary(canary=start_canary(version=second, share=0.1, **by), **by)
    releases.promote_version(version=second, confirm=True, **by)
    epoch = Alias.objects.get().epoch
    releases.roll_back(prompt=prompt, to_version=first, expected_epoch=epoch, **by)
    set_thresholds(prompt=prompt, thresholds=Thresholds(accuracy=0.9), **by)
    bad = make_draft(prompt, parameters={"word": "Hi"})
    releases.promote_version(version=bad, override_reason=WHY, **by)
    alert = open_alert()
    handling.acknowledge(alert=alert, actor=operator)
    handling.silence(alert=alert, until=timezone.now() + timedelta(hours=1), **by)
    lines = [line for line in kept.read("dresscode.moves") if line["message"] not in UNASKED]
    assert [line["message"] for line in lines] == [
        "initial",
        "start_canary",
        "end_canary",
        "promote",
        "rollback",
        "set_thresholds",
        "override",
        "override",
        "acknowledge_alert",
        "silence_alert",
    ]
    assert {line["actor"] for line in lines} == {operator.pk}
    back = lines[4]
    assert (back["from_version"], back["to_version"]) == (second.number, first.number)
    assert back["sha256"] == first.sha256
    assert [canary for canary in CANARIES if canary in kept.all] == []


def open_alert() -> Alert:
    now = timezone.now()
    return Alert.objects.create(
        rule=make_rule(name="Failed calls"),
        task="greet",
        state="firing",
        seen_at=now,
        opened_at=now,
    )


def test_each_call_ends_with_one_line_without_a_word_of_it(prompt: Prompt, kept: Kept) -> None:
    version = make_draft(prompt, system=WORDS, parameters={"word": WHY})
    releases.promote_version(version=version, actor=None, reason="a test")
    inference.run("greet", Guest(NAME), subject="guest:1")
    (end,) = (line for line in kept.read() if line["message"] == "call")
    told = (end["task"], end["version"], end["engine"], end["outcome"], end["sha256"])
    assert told == ("greet", version.number, "builtin", "succeeded", version.sha256)
    assert end["latency_ms"] > 0
    assert [canary for canary in CANARIES if canary in kept.all] == []


def test_the_line_of_a_call_has_the_codes_of_what_was_wrong(
    prompt: Prompt, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = make_draft(prompt)
    releases.promote_version(version=version, actor=None, reason="a test")
    monkeypatch.setattr(
        "tests.registry.toy.Greet.offline",
        lambda *args: iter([f'{{"mood": "", "prose": "Hello {WORDS}"}}']),
    )
    inference.run("greet", Guest(NAME), subject="guest:1")
    monkeypatch.setattr("tests.registry.toy.Greet.offline", lambda *args: iter([WORDS]))
    with pytest.raises(inference.InferenceError):
        inference.run("greet", Guest(NAME), subject="guest:1")
    first, second = (line for line in kept.read() if line["message"] == "call")
    assert (first["shown"], first["outcome"]) == (["wrong_name"], "succeeded")
    assert (second["withheld"], second["error_code"]) == (["invalid_json"], "invalid_json")
    assert [canary for canary in CANARIES if canary in kept.all] == []
