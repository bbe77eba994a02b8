"""Texts that a model rewrites: what it is shown, what may be kept, and that nothing goes live by it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from feedback.jobs import propose, propose_versions_job
from feedback.models import Correction, Proposal
from feedback.proposals.cases import MOST_OF_A_WEARER, gather_cases
from feedback.proposals.keeping import NothingToProposeError
from feedback.proposals.rewriting import FEWEST, propose_rewrite
from feedback.services.consents import give_consent, withdraw_consent
from registry.engines import get_engine
from registry.models import Deployment, InferenceCall, PromptVersion
from registry.prompts.bundles import DEFAULTS
from tests.factories import make_user, make_version, promote
from tests.fakes import Script, ScriptedVllm, answer, serve_vllm
from tests.feedback.test_training_sets import correct, hold_out
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db
SYSTEM = "Name each garment in words of the list."
RULE = "What buttons half way down is a blouse."
OURS = "It has no collar and it buttons only half way down the front"
"""What a wearer wrote, word for word."""


def rule(text: str) -> str:
    return f"{text}\n{RULE}"


class Pupil(ScriptedVllm):
    """Calls everything a shirt until its text has a rule; asked to rewrite that, it does what `rewrite` does."""

    rewrite: Callable[[str], str] = staticmethod(rule)

    def next_script(self, body: dict[str, Any]) -> Script:
        self.requests.append(body)
        system = body["messages"][0]["content"]
        if body["response_format"]["json_schema"]["name"] == "rewrite":
            former = body["messages"][1]["content"][0]["text"].split("\n\n")[1]
            return Script(answer(json.dumps({"text": type(self).rewrite(former)})))
        said = "blouse" if RULE in system else "shirt"
        seen = {
            "type": said,
            "colours": [{"name": "navy", "share": 1}],
            "box": [0.1, 0.2, 0.5, 0.6],
        }
        return Script(answer(json.dumps({"person": False, "garments": [seen]})))


@pytest.fixture
def pupil(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pupil]:
    monkeypatch.setattr("tests.fakes.ScriptedVllm", Pupil)
    with serve_vllm(Script()) as server:
        assert isinstance(server, Pupil)
        options = {**settings.INFERENCE_ENGINES["vllm"]["OPTIONS"], "base_url": server.url}
        vllm = {**settings.INFERENCE_ENGINES["vllm"], "OPTIONS": options}
        settings.INFERENCE_ENGINES = {**settings.INFERENCE_ENGINES, "vllm": vllm}
        settings.VLLM_BASE_URL = server.url
        get_engine.cache_clear()
        yield server
    get_engine.cache_clear()


@pytest.fixture
def live(words: None, settings: Any, tmp_path: Any) -> PromptVersion:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    version = make_version(**{**DEFAULTS, "system": SYSTEM, "user": "Look.", "engine": "vllm"})
    promote(version)
    return version


@pytest.fixture
def corrections(live: PromptVersion) -> list[Correction]:
    """Shirts that were blouses, of wearers who consented, enough on both sides of the split."""
    made: list[Correction] = []
    while len(made) < 6 or min(count_sides(live)) < FEWEST:
        owner = make_user()
        give_consent(owner)
        made += [correct(owner) for _ in range(3)]
    return made


def count_sides(live: PromptVersion) -> tuple[int, int]:
    cases = gather_cases(live.prompt, live.bundle)
    apart = sum(one.is_apart for one in cases)
    return apart, len(cases) - apart


def list_rewrites(pupil: Pupil) -> list[str]:
    """What the model was told when it was to write."""
    return [
        body["messages"][1]["content"][0]["text"]
        for body in pupil.requests
        if body["response_format"]["json_schema"]["name"] == "rewrite"
    ]


def test_a_text_that_does_better_on_what_is_kept_apart_becomes_a_draft(
    live: PromptVersion, corrections: list[Correction], pupil: Pupil
) -> None:
    moves, calls = Deployment.objects.count(), InferenceCall.objects.count()
    proposal = propose_rewrite(live.prompt)
    assert proposal.version.bundle == {**live.bundle, "system": rule(live.bundle["system"])}
    assert {*proposal.corrections.all()} == {*corrections}
    assert "100 % of the fields are right" in proposal.version.notes
    assert (Deployment.objects.count(), InferenceCall.objects.count()) == (moves, calls)
    assert all("type: shirt, right is blouse" in told for told in list_rewrites(pupil))


def test_the_model_is_shown_no_word_that_a_wearer_wrote(
    live: PromptVersion, corrections: list[Correction], pupil: Pupil
) -> None:
    Garment.objects.update(name="Grandmother’s best", notes="from Oslo")
    propose_rewrite(live.prompt)
    told = "\n".join(list_rewrites(pupil))
    assert told and "Grandmother" not in told and "Oslo" not in told


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: f"{RULE} {OURS}.",
        lambda text: f"{text} {RULE} $secret",
        lambda text: f"{text} {RULE} costs $5",
        lambda text: f"{text} {RULE} " + "more " * 120,
        lambda text: "",
        lambda text: text,
    ],
    ids=["a wearer's words", "a new variable", "no template", "too long", "empty", "the same"],
)
def test_what_may_not_be_used_is_not_kept(
    live: PromptVersion, corrections: list[Correction], pupil: Pupil,
    monkeypatch: pytest.MonkeyPatch, rewrite: Callable[[str], str],
) -> None:  # fmt: skip
    Garment.objects.filter(pk=corrections[0].garment_id).update(name=OURS)
    monkeypatch.setattr(Pupil, "rewrite", staticmethod(rewrite))
    with pytest.raises(NothingToProposeError):
        propose_rewrite(live.prompt)
    assert not Proposal.objects.exists()


def test_what_may_not_teach_is_no_case(live: PromptVersion, corrections: list[Correction]) -> None:
    cases = len(gather_cases(live.prompt, live.bundle))
    withdraw_consent(corrections[0].owner)
    assert len(gather_cases(live.prompt, live.bundle)) == cases - 3
    last = corrections[-1].garment
    assert last and last.photo
    hold_out(last.photo.perceptual_hash, corrections[-1].owner, split="holdout")
    assert len(gather_cases(live.prompt, live.bundle)) == cases - 4


def test_no_wearer_is_most_of_the_cases(live: PromptVersion, alice: User) -> None:
    give_consent(alice)
    for _ in range(MOST_OF_A_WEARER + 2):
        correct(alice)
    assert len(gather_cases(live.prompt, live.bundle)) == MOST_OF_A_WEARER


def test_without_a_model_server_nothing_is_rewritten(
    live: PromptVersion, corrections: list[Correction], settings: Any, as_operator: Client
) -> None:
    settings.VLLM_BASE_URL = ""
    with pytest.raises(NothingToProposeError):
        propose_rewrite(live.prompt)
    data = {"action": "propose_rewrite", "_selected_action": [corrections[0].pk]}
    page = as_operator.post(reverse("admin:feedback_correction_changelist"), data, follow=True)
    assert "there is no model server" in page.text


def test_a_model_server_that_went_away_leaves_no_draft(
    live: PromptVersion, corrections: list[Correction], pupil: Pupil
) -> None:
    pupil.shutdown()
    pupil.server_close()
    assert not propose(live.prompt, "rewrites")


def test_the_weekly_job_queues_what_takes_long(
    live: PromptVersion,
    corrections: list[Correction],
    pupil: Pupil,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queued: list[str] = []
    monkeypatch.setattr("feedback.jobs.enqueue_proposal", lambda prompt, kind: queued.append(kind))
    propose_versions_job()
    assert queued == ["rewrites"] and not list_rewrites(pupil)


def test_it_is_a_kind_of_the_command(
    live: PromptVersion,
    corrections: list[Correction],
    pupil: Pupil,
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("propose_version", "digitize_photo", "--kind", "rewrites")
    assert "The model rewrote the text" in capsys.readouterr().out
