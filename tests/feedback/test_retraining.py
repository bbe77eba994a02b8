"""Retraining: from a set to an artefact and a draft version."""

import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from dresscode.own_data.jobs import carry_out_deletions_job
from dresscode.own_data.models import Deletion
from feedback.lineage.outcomes import SEEN_OTHERWISE, list_outcomes
from feedback.lineage.passages import Role
from feedback.lineage.reading import find_arrivals, read_correction, read_version
from feedback.lineage.roads import list_versions_knowing
from feedback.models import Artefact, Correction, ReviewDecision, TrainingRun
from feedback.review import queue
from feedback.services.consents import give_consent, withdraw_consent
from feedback.training import blending, fitting, lineage, looking, page, retraining
from feedback.training.blending import (
    BY_CHANCE,
    STEPS,
    UNJUDGED,
    Blend,
    choose_step,
    is_worse_somewhere,
    mix,
    relearn,
)
from feedback.training.building import build_set
from feedback.training.fitting import CORRECTED, Lesson, Seen, find_right, join_lessons, refit
from feedback.training.looking import Look
from feedback.training.poison import find_poison
from feedback.values import read_word
from registry.models import PromptVersion
from registry.services.archivings import archive_version
from tests.factories import PASSWORD, make_user, make_version, promote
from tests.feedback.reviewing import ask, make_reviewer
from tests.feedback.test_training_sets import correct, make_look_to_learn, make_seen
from wardrobe.models import Garment
from wardrobe.services.garments import edit_garment
from wardrobe.tasks import DigitizePhoto
from wardrobe.vision.classifier import WeightsMismatchError
from wardrobe.vision.heads import ARTEFACT, Calibration, Head, load_heads, name_artefact
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.trunk.sessions import FEATURES

WORDS = ("shirt", "blouse", "dress", "skirt", "shorts")
RNG = np.random.default_rng(1)
CENTRES = RNG.normal(size=(len(WORDS), 12)).astype(np.float32) * 2


def make_lesson(places: Any, said: Any = None) -> Lesson:
    """Garments near the centres of their words."""
    answers = CENTRES[places] + RNG.normal(size=(len(places), 12)).astype(np.float32) / 2
    accepted = np.eye(len(WORDS), dtype=np.float32)[places if said is None else said]
    return Lesson(Seen(answers), accepted, np.full(len(places), CORRECTED, np.float32))


def make_head() -> Head:
    """It knows all words but the second, which it takes for the first."""
    coefficients = np.vstack([CENTRES.T, -np.square(CENTRES).sum(axis=1) / 2])
    coefficients[:, 1] = coefficients[:, 0]
    coefficients[-1, 1] -= 1
    return Head(WORDS, coefficients.astype(np.float32) / 2, Calibration(1.0, 0.0))


def count_right(head: Head, lesson: Lesson) -> float:
    best = lesson.seen.rate(head).argmax(axis=1)
    return float((lesson.accepted[np.arange(len(best)), best] > 0).mean())


def test_a_head_learns_a_word_and_keeps_the_others() -> None:
    head, rehearsed = make_head(), make_lesson(RNG.choice([0, 2, 3, 4], 200)).seen
    lesson = make_lesson(np.full(40, 1))
    learned = refit(head, lesson, rehearsed)
    assert count_right(head, make_lesson(np.full(100, 1))) < 0.2
    assert count_right(learned, make_lesson(np.full(100, 1))) > 0.9
    others = make_lesson(RNG.choice([0, 2, 3, 4], 300))
    assert count_right(learned, others) >= count_right(head, others) - 0.02
    half = mix(head, learned, 0.5)
    middle = (head.coefficients + learned.coefficients) / 2
    np.testing.assert_allclose(half.coefficients, middle, rtol=1e-4, atol=1e-5)
    assert count_right(half, make_lesson(np.full(100, 1))) > 0.4


def test_a_head_goes_as_far_as_no_word_is_told_worse() -> None:
    head, places = make_head(), RNG.choice(5, 200)
    lesson, rehearsed = make_lesson(np.full(40, 1)), make_lesson(places[places != 1]).seen
    judges = make_lesson(np.repeat([0, 2, 3, 4], 30))
    learned = relearn(head, lesson, rehearsed, judges, np.ones(len(judges), dtype=bool))
    assert 0 < learned.step <= STEPS[0]
    before, after = find_right(head, judges), find_right(learned.tried, judges)
    for word in range(4):
        own = slice(30 * word, 30 * word + 30)
        assert after[own].sum() >= before[own].sum() - BY_CHANCE
    assert not is_worse_somewhere(head, learned.tried, judges)
    lost = replace(head, coefficients=-9 * head.coefficients)
    assert choose_step(head, lost, judges) == 0
    few = judges.take(np.arange(len(judges)) < 2)
    assert choose_step(head, learned.tried, few) <= UNJUDGED
    assert choose_step(head, head, judges) == STEPS[0]


def test_what_goes_live_rehearses_what_it_was_judged_by_if_nobody_corrected_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    head, lesson = make_head(), make_lesson(np.full(40, 1))
    rehearsed = make_lesson(RNG.choice([0, 2, 3, 4], 100)).seen
    judges = make_lesson(np.repeat([0, 2, 3, 4], 30))
    let_be = np.arange(len(judges)) >= 20
    learned = relearn(head, lesson, rehearsed, judges, let_be)
    kept = fitting.join_seen(rehearsed, judges.seen.take(let_be))
    for own, fitted in ((learned.head, kept), (learned.tried, rehearsed)):
        wanted = mix(head, refit(head, lesson, fitted), learned.step)
        np.testing.assert_array_equal(own.coefficients, wanted.coefficients)
    monkeypatch.setattr(blending, "choose_step", lambda *_: 0.0)
    assert relearn(head, lesson, rehearsed, judges, let_be) == Blend(head, 0.0, head)


def test_a_head_learns_beside_what_is_measured_otherwise() -> None:
    """What is measured says the second word already: the head has nothing to add, and is taught nothing."""
    head, lesson = make_head(), make_lesson(np.full(40, 1))
    measured = np.full((40, len(WORDS)), -20, np.float32)
    measured[:, 1] = 0
    told = replace(lesson, seen=replace(lesson.seen, measured=measured))
    kept = make_lesson(RNG.choice([0, 2, 3, 4], 100)).seen
    kept = replace(kept, measured=np.zeros((100, len(WORDS)), np.float32))
    assert (told.seen.rate(head).argmax(axis=1) == 1).all()
    nothing = refit(head, told.take(np.zeros(40, dtype=bool)), kept).coefficients
    moved = np.abs(refit(head, told, kept).coefficients - nothing).max()
    plain = refit(head, lesson, replace(kept, measured=None))
    assert moved < np.abs(plain.coefficients - nothing).max() / 10


@pytest.mark.parametrize("kind", ["random", "targeted"])
def test_who_corrects_wrongly_is_named_first_and_not_learned_from(kind: str) -> None:
    head = make_head()
    good = make_lesson(RNG.choice([0, 2, 3, 4], 120))
    places = RNG.choice([2, 3, 4], 40) if kind == "random" else np.full(40, 2)
    bad = make_lesson(places, np.where(places == 2, 4, 2))
    lesson = join_lessons(good, bad)
    owners = [*(10 + RNG.integers(12, size=120)).tolist(), *([1] * 20 + [2] * 20)]
    judges = make_lesson(RNG.choice([0, 2, 3, 4], 200))
    found = find_poison(head, lesson, owners, make_lesson(RNG.choice(5, 200)).seen, judges)
    assert {one.owner for one in found.suspects[:2]} == {1, 2}
    assert found.hurting[120:].all()
    assert found.hurting[:120].mean() < 0.1


def test_few_who_say_the_same_wrong_thing_do_not_vouch_for_each_other() -> None:
    """Each batch alone is outweighed by the others' in what the rest has learned; a crowd that says it is believed."""
    head, rehearsed = make_head(), make_lesson(RNG.choice(5, 200)).seen
    judges = make_lesson(RNG.choice([0, 2, 3, 4], 200))
    good = make_lesson(RNG.choice([0, 2, 3, 4], 120))
    honest = (10 + np.arange(120) % 15).tolist()
    bad = make_lesson(np.full(24, 2), np.full(24, 4))
    told = join_lessons(good, bad)
    plot = find_poison(head, told, [*honest, *([1] * 8 + [2] * 8 + [3] * 8)], rehearsed, judges)
    assert {one.owner for one in plot.suspects[:3]} == {1, 2, 3}
    assert [one.allies for one in plot.suspects[:3]] == [2, 2, 2]
    assert plot.hurting[120:].all() and not plot.hurting[:120].any()
    crowd = find_poison(head, told, [*honest, *(1 + np.arange(24) % 8).tolist()], rehearsed, judges)
    assert max(one.allies for one in crowd.suspects) == 0


def test_heads_of_the_storage_are_read_by_their_digest_alone(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    missing = VisionParameters(heads=ARTEFACT, heads_sha256="a" * 64).as_json()
    assert "no heads" in DigitizePhoto().explain_unusable({"vision": missing})
    from wardrobe.photos import storage

    storage.save_file(name_artefact("a" * 64), b"damaged")
    for digest in ("a" * 64, "../secret"):
        with pytest.raises(WeightsMismatchError):
            load_heads(ARTEFACT, digest)


@pytest.fixture
def site(alice: User, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> User:
    """A live version and a trunk that answers by the photo's digest."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    parameters = {"vision": VisionParameters().as_json()}
    promote(make_version("digitize_photo", parameters=parameters))

    def look(row: Any, trunk: Any, vision: Any) -> Any:
        rng = np.random.default_rng(int(row.pixel_sha256[:8], 16))
        width = len(heads.means) if vision else FEATURES
        return Look(rng.normal(size=width), rng.normal(size=len(looking.list_colours())))

    heads = load_heads(VisionParameters().heads, VisionParameters().heads_sha256)
    monkeypatch.setattr(looking, "look_at_row", look)
    monkeypatch.setattr(looking, "find_trunk", lambda: SimpleNamespace(adapt=lambda _: object()))
    monkeypatch.setattr(fitting, "ROUNDS", 3)
    return alice


def run_on_new_set(author: User | None = None) -> TrainingRun:
    run = retraining.start_run(training_set=build_set(author=author), author=author)
    retraining.carry_out(run)
    run.refresh_from_db()
    return run


@pytest.mark.django_db
def test_heads_that_go_by_another_adapter_are_not_retrained(
    site: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = load_heads(VisionParameters().heads, VisionParameters().heads_sha256)
    monkeypatch.setattr(retraining, "load_heads", lambda *_: replace(shipped, adapter="e" * 64))
    correct(site)
    run = run_on_new_set()
    assert (run.status, run.artefact) == ("failed", None)
    assert "adapter eeeeeeeeeeee" in run.error
    assert run.error.endswith("retrain from the heads of this release.")


@pytest.mark.django_db
def test_a_run_writes_an_artefact_by_digest_and_a_draft_that_is_not_live(
    site: User, client: Client
) -> None:
    corrections = [correct(site) for _ in range(3)]
    run = run_on_new_set()
    assert (run.status, run.error) == ("finished", "")
    assert run.artefact and run.version
    assert default_storage.exists(name_artefact(run.artefact.sha256))
    vision = run.version.parameters["vision"]
    assert (vision["heads"], vision["heads_sha256"]) == (ARTEFACT, run.artefact.sha256)
    assert DigitizePhoto().explain_unusable(run.version.parameters) == ""
    assert run.version.prompt.production().version != run.version
    assert run.training_set.sha256 in run.artefact.card
    assert set(lineage.list_corrections(run.version)) == set(corrections)
    assert [one.version for one in find_arrivals(corrections)[corrections[0].pk]] == [run.version]
    assert list_versions_knowing(site) == {run.version: {Role.LEARNED}}
    client.force_login(site, backend="django.contrib.auth.backends.ModelBackend")
    address = client.post(reverse("own_data:delete-account"), {"password": PASSWORD})["Location"]
    Deletion.objects.update(due_at=timezone.now())
    carry_out_deletions_job()
    receipt = client.get(address).text
    assert f"v{run.version.number} of what reads your photos learned from it" in receipt
    assert run.artefact.sha256 in receipt


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "head"),
    [
        ("pattern", "striped", "pattern"),
        ("colours", [{"name": "red", "hex": "#b02020", "share": 0.7}], "colour"),
    ],
)
def test_what_the_cloth_shows_is_learned_by_its_own_head(
    site: User, field: str, value: Any, head: str
) -> None:
    for _ in range(3):
        garment = edit_garment(make_seen(site), changes={field: value})
        Correction.objects.filter(garment=garment).update(review="accepted")
    run = run_on_new_set()
    assert (run.status, run.error) == ("finished", "")
    assert [one["field"] for one in run.figures["heads"]] == [field]
    row = run.training_set.rows.filter(split="training").first()
    assert row and (row.field, row.value) == (field, read_word(value))
    assert run.artefact
    vision = VisionParameters()
    former = load_heads(vision.heads, vision.heads_sha256).heads
    learned = load_heads(ARTEFACT, run.artefact.sha256).heads
    assert not np.array_equal(former[head].coefficients, learned[head].coefficients)
    others = former.keys() - {head}
    assert all(
        np.array_equal(former[one].coefficients, learned[one].coefficients) for one in others
    )


@pytest.mark.django_db
def test_two_artefacts_are_usable_side_by_side_and_a_later_run_starts_where_the_first_did(
    site: User,
) -> None:
    correct(site)
    first = run_on_new_set()
    promote(first.version)
    correct(site, to="dress")
    second = run_on_new_set()
    assert first.artefact and second.artefact and first.artefact != second.artefact
    assert second.artefact.start_sha256 == VisionParameters().heads_sha256
    for run in (first, second):
        assert load_heads(ARTEFACT, run.artefact.sha256).heads["type"].words


@pytest.mark.django_db
def test_a_withdrawn_consent_marks_the_artefact_and_the_next_one_is_as_if_it_had_never_been(
    site: User,
) -> None:
    bob = make_user("bob@example.org")
    give_consent(bob)
    correct(site)
    alone = run_on_new_set()
    correct(bob, to="dress")
    both = run_on_new_set()
    withdraw_consent(bob)
    assert lineage.list_stale_artefacts() == [both.artefact]
    assert lineage.trace_owner(bob).versions == [both.version]
    retraining.carry_out(run := retraining.start_run(training_set=alone.training_set, author=None))
    assert run.artefact == alone.artefact


@pytest.mark.django_db
def test_a_version_knows_also_whose_garments_it_only_rehearsed(site: User, client: Client) -> None:
    """Nothing of theirs was corrected: the message that consent is gone, and the receipt, name the version all the same."""
    bob = make_user("bob@example.org")
    give_consent(bob)
    for _ in range(4):
        garment = make_seen(bob)
        Garment.objects.filter(pk=garment.pk).update(created_at=timezone.now() - timedelta(days=9))
    correct(site)
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    leave = reverse("own_data:delete-account")
    assert "No version knows anything of yours." in client.get(leave).text
    run = run_on_new_set()
    assert run.training_set.rows.filter(owner=bob).exists()
    assert run.version
    told = f"v{run.version.number} of what reads your photos learned from it."
    page = client.get(leave).text
    assert "These versions know something of yours:" in page and told in page
    assert told in client.post("/you/consent/", {"consent": "no"}, follow=True).text
    assert list_versions_knowing(bob) == {run.version: {Role.LEARNED}}
    assert list(list_versions_knowing(bob)) == lineage.trace_owner(bob).versions
    assert list_versions_knowing(make_user()) == {}


@pytest.mark.django_db
def test_what_reviewers_said_in_a_wearers_place_is_in_the_lineage_and_not_told_as_theirs(
    site: User,
) -> None:
    correction = correct(site, review="pending", look=make_look_to_learn())
    item = ask(correction.garment, confidence=0.5, correction=correction)
    reviewer = make_reviewer()
    queue.lease_items(reviewer)
    queue.decide(item=item, reviewer=reviewer, verdict=ReviewDecision.Verdict.OTHER, value="dress")
    run = run_on_new_set()
    assert run.version
    (entry,) = read_version(run.version).entries
    assert (entry.correction, entry.reviewers) == (correction, f"{reviewer}: something else")
    correction.refresh_from_db()
    assert [one.version for one in read_correction(correction).arrivals] == [run.version]
    (told,) = list_outcomes(site)
    assert told.words == SEEN_OTHERWISE


def make_told(**types: tuple[int, int, int]) -> TrainingRun:
    """A run that came to an end, by type with how many are kept apart, right before and right after."""
    told = [
        {"type": name, "count": count, "before": before, "after": after}
        for name, (count, before, after) in types.items()
    ]
    sums = {name: sum(one[name] for one in told) for name in ("count", "before", "after")}
    figures = {"types": told, "judged": sums["count"], **sums, "mended": 6, "broken": 1}
    return TrainingRun(status="finished", figures=figures)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("run", "sentence"),
    [
        (
            make_told(skirt=(20, 8, 13), shirt=(40, 39, 38), dress=(10, 9, 9)),
            "skirt is told right in 65.0\u00a0%, 40.0\u00a0% before. "
            "No type fell by more than 2.5 points.",
        ),
        (
            make_told(skirt=(20, 8, 13), shirt=(40, 39, 39)),
            "skirt is told right in 65.0\u00a0%, 40.0\u00a0% before. None fell.",
        ),
        (make_told(shirt=(40, 39, 39)), "no type is told better. None fell."),
        (
            make_told(),
            "it wrote no version; nothing that reviewers decided was kept apart to judge by.",
        ),
        (TrainingRun(status="failed"), "it failed."),
        (TrainingRun(status="queued"), "it waits for the queue."),
    ],
)
def test_a_run_says_what_came_of_it(words: None, run: TrainingRun, sentence: str) -> None:
    assert page.say_what_came(run) == sentence


def test_what_was_mended_is_set_against_chance() -> None:
    rows = page.list_types(make_told(skirt=(20, 8, 13), shirt=(40, 39, 38)))
    assert [row.signed for row in rows] == ["+25.0", "−2.5", "+6.7"]
    assert page.measure_chance(make_told()) == pytest.approx(8 / 128)
    assert page.measure_chance(TrainingRun()) is None


@pytest.mark.django_db
def test_a_run_that_cannot_begin_says_why(site: User, monkeypatch: pytest.MonkeyPatch) -> None:
    correct(site)
    monkeypatch.setattr(looking, "find_trunk", lambda: None)
    run = run_on_new_set()
    assert run.status == "failed" and "trunk is not installed" in run.error
    assert not Artefact.objects.exists()


@pytest.mark.django_db
def test_an_operator_builds_retrains_and_reads_what_came_of_it(
    site: User, as_operator: Client
) -> None:
    correct(site)
    runs = reverse("feedback:training")
    assert "1 accepted correction in no training set" in as_operator.get(runs).text
    assert (
        "TS-1 has 1 row." in as_operator.post(reverse("feedback:training-build"), follow=True).text
    )
    answer = as_operator.post(reverse("feedback:training-retrain", args=[1]))
    run = TrainingRun.objects.get()
    assert answer.url == reverse("feedback:training-run", args=[run.pk])
    again = as_operator.post(reverse("feedback:training-retrain", args=[1]), follow=True)
    assert "is being learned from already" in again.text
    retraining.carry_out(run)
    text = as_operator.get(answer.url).text
    assert run.version and str(run.version) in text and "Model card" in text
    way_on = re.search(r'href="([^"]*)">See and evaluate v', text)
    assert way_on and f">Evaluate v{run.version.number}<" in as_operator.get(way_on[1]).text
    archive_version(version=run.version, actor=None, reason="a dead end")
    text = as_operator.get(answer.url).text
    assert "is archived: restore it on the page of digitize_photo first" in text
    archive = as_operator.get(reverse("feedback:training-export", args=[1]))
    assert b"".join(archive.streaming_content)[:2] == b"PK"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["training", "training-build"])
def test_without_the_permission_nobody_trains(client: Client, alice: User, name: str) -> None:
    client.force_login(
        make_user(is_staff=True), backend="django.contrib.auth.backends.ModelBackend"
    )
    method = client.post if name.endswith("build") else client.get
    assert method(reverse(f"feedback:{name}")).status_code == 403
    assert not PromptVersion.objects.filter(source="admin").exists()
