"""From a version back to the corrections in it, from a correction to its versions, and what a wearer who leaves is told."""

import html
import re
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import User
from dresscode.own_data.jobs import carry_out_deletions_job
from dresscode.own_data.models import Deletion
from feedback.lineage import roads
from feedback.lineage.outcomes import list_outcomes
from feedback.lineage.passages import Passage, Role, Scope
from feedback.lineage.reading import read_correction, read_version
from feedback.lineage.roads import list_versions_knowing
from feedback.models import Correction, Proposal
from feedback.services.consents import withdraw_consent
from registry.models import Dataset, EvaluationRun, PromptVersion
from registry.services.examples import collect_example, offer_datasets, publish_examples
from registry.tasks import ExampleSource
from tests.factories import PASSWORD, make_photo, make_reviewer, make_user, make_version, promote
from tests.feedback.reviewing import make_corrected
from wardrobe.models import Garment, Photo

pytestmark = pytest.mark.django_db

PAGE, LEAVE = "/admin/feedback/lineage/", "/you/delete/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def correction(alice: User) -> Correction:
    """That a shirt is a blouse, accepted."""
    make_corrected(alice)
    Correction.objects.update(review=Correction.Review.ACCEPTED)
    return Correction.objects.get()


@pytest.fixture
def dataset(correction: Correction, alice: User) -> Dataset:
    """With an example made of the call that was corrected, published."""
    (dataset,) = offer_datasets(correction.version.prompt)
    collect_example(
        dataset=dataset,
        source=ExampleSource("call-1", {"file": "call-1"}, {"garments": []}, (), b"pixels"),
        fingerprint="0" * 16,
        call=correction.call,
        owner=alice,
        author=None,
    )
    publish_examples(dataset=dataset, author=None)
    dataset.refresh_from_db()
    return dataset


@pytest.fixture
def judged(dataset: Dataset) -> PromptVersion:
    """A version that was asked the example."""
    version = make_version()
    assert dataset.current
    EvaluationRun.objects.create(
        version=version,
        dataset_version=dataset.current,
        engine="builtin",
        ending="completed",
        ended_at=timezone.now(),
    )
    return version


@pytest.fixture
def learn(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A second road, by which a version learned from one correction."""

    def learn(correction: Correction, version: PromptVersion) -> None:
        passage = Passage(
            Role.LEARNED,
            call_id=correction.call_id,
            owner_id=correction.owner_id,
            version_id=version.pk,
            through="TS-9",
            address="/ts/9/",
            split="train",
            is_withdrawn=False,
            correction_id=correction.pk,
        )

        def find(scope: Scope) -> list[Passage]:
            is_asked = scope.version in (None, version) and (
                scope.calls is None or correction.call_id in scope.calls
            )
            return [passage] if is_asked else []

        monkeypatch.setattr(roads, "ROADS", (*roads.ROADS, find))

    return learn


def test_a_version_leads_back_to_the_corrections_in_it(
    correction: Correction, judged: PromptVersion
) -> None:
    lineage = read_version(judged)
    (entry,) = lineage.entries
    assert entry.correction == correction
    assert (entry.passage.role, entry.passage.through) == (Role.JUDGED, "golden 1")
    assert lineage.sentence == f"{judged} was checked against 1 correction of 1 wearer."
    other = read_version(correction.version)
    assert other.entries == []
    assert other.sentence == f"{correction.version} has nothing of what wearers corrected."


def test_a_correction_leads_forward_to_its_versions(
    correction: Correction, judged: PromptVersion
) -> None:
    (arrival,) = read_correction(correction).arrivals
    assert (arrival.version, arrival.live_since) == (judged, None)


def test_an_evaluation_that_was_broken_off_counts_for_nothing(
    correction: Correction, judged: PromptVersion
) -> None:
    other = make_version()
    run = EvaluationRun.objects.get()
    run.pk, run.version, run.ending = None, other, "cancelled"
    run.save()
    assert [one.version for one in read_correction(correction).arrivals] == [judged]
    assert (read_version(other).entries, read_version(other).unnamed) == ([], 0)


def test_a_proposed_version_learned_from_what_it_was_written_from(
    alice: User, correction: Correction
) -> None:
    version, other = make_version(), make_version()
    for written in (version, other):
        Proposal.objects.create(version=written, base=correction.version)
    version.proposal.corrections.add(correction)
    (entry,) = read_version(version).entries
    assert (entry.correction, entry.passage.role) == (correction, Role.LEARNED)
    assert read_version(other).entries == []
    assert list_versions_knowing(alice) == {version: {Role.LEARNED}}
    assert [one.version for one in read_correction(correction).arrivals] == [version]
    withdraw_consent(alice)
    assert read_version(version).withdrawn == 1


def test_what_was_not_accepted_went_nowhere(correction: Correction, judged: PromptVersion) -> None:
    Correction.objects.update(review=Correction.Review.DISMISSED)
    correction.refresh_from_db()
    assert read_correction(correction).arrivals == []
    lineage = read_version(judged)
    assert (lineage.entries, lineage.unnamed) == ([], 1)


def test_a_second_road_is_one_line(
    correction: Correction, judged: PromptVersion, learn: Any
) -> None:
    learn(correction, judged)
    assert read_version(judged).sentence == (
        f"{judged} learned from 1 correction and was checked against 1 correction of 1 wearer."
    )
    assert {one.passage.role for one in read_correction(correction).arrivals} == {*Role}


@pytest.mark.parametrize(
    ("review", "said"),
    [
        ("pending", "It waits to be looked at."),
        ("accepted", "You were right. It waits for the next version."),
        ("dismissed", "We saw it otherwise; in your wardrobe your word stands."),
        ("neither", "We saw it otherwise; in your wardrobe your word stands."),
    ],
)
def test_a_wearer_reads_what_became_of_a_correction(
    alice: User, correction: Correction, review: str, said: str
) -> None:
    Correction.objects.update(review=review)
    (outcome,) = list_outcomes(alice)
    assert outcome.words == said


def test_a_wearer_reads_which_version_it_went_into(
    page: Client, alice: User, correction: Correction, judged: PromptVersion, learn: Any
) -> None:
    (outcome,) = list_outcomes(alice)
    assert outcome.words == f"It helped to check v{judged.number} of what reads your photos."
    newer = make_version()
    learn(correction, newer)
    promote(newer)
    words = f"It went into v{newer.number} of what reads your photos, in use since"
    assert words in page.get("/you/").text
    assert words in page.get(f"/wardrobe/{correction.garment_id}/").text


def test_a_wearer_reads_it_in_their_language(
    page: Client, alice: User, correction: Correction
) -> None:
    User.objects.filter(pk=alice.pk).update(language="de")
    assert "Art: " in page.get("/you/").text
    assert "Art: " in page.get(f"/wardrobe/{correction.garment_id}/").text


def test_nobody_reads_of_anothers_corrections(client: Client, correction: Correction) -> None:
    client.force_login(make_user("charlie@example.org"))
    assert "What became of your corrections" not in client.get("/you/").text


def test_the_page_shows_both_ways(
    as_operator: Client, correction: Correction, judged: PromptVersion
) -> None:
    promote(judged)
    answer = as_operator.get(PAGE, {"correction": correction.pk})
    assert f"{judged} was checked against 1 correction of 1 wearer." in answer.text
    assert f"C-{correction.pk}</a>: type: Shirt, Blouse" in answer.text
    assert "alice" not in answer.text
    assert answer.context["forward"].arrivals[0].live_since
    assert not answer.context["lineage"].withdrawn
    found = as_operator.get(PAGE, {"q": "material"})
    assert "None of them is about that." in found.text
    assert len(as_operator.get(PAGE, {"q": "blouse"}).context["page"]) == 1


def test_it_leads_a_reviewer_to_no_page_that_they_may_not_open(
    client: Client, as_operator: Client, correction: Correction, judged: PromptVersion
) -> None:
    promote(judged)
    shown = as_operator.get(PAGE, {"correction": correction.pk}).text
    for page in ("registry/promptversion", "registry/dataset"):
        assert f'href="/admin/{page}/' in shown.split("o-crumb")[1]
    client.force_login(make_reviewer(), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(PAGE, {"correction": correction.pk}).text.split("o-crumb")[1]
    links = {*re.findall(r'href="(/admin/[^"#]*)', page)}
    assert str(judged) in page and links
    assert {client.get(html.unescape(link)).status_code for link in links} == {200}


def test_it_takes_the_permission_and_nonsense_finds_nothing(
    as_operator: Client, client: Client, words: None
) -> None:
    assert as_operator.get(PAGE, {"version": "x", "correction": "9" * 30}).status_code == 200
    client.force_login(make_user(is_staff=True))
    assert client.get(PAGE).status_code == 403


def test_without_consent_the_version_that_knows_is_marked(
    as_operator: Client, alice: User, correction: Correction, judged: PromptVersion
) -> None:
    withdraw_consent(alice)
    answer = as_operator.get(PAGE, {"version": judged.pk})
    assert answer.context["lineage"].withdrawn == 1
    assert f"{judged} knows 1 correction without consent." in answer.text
    assert list_versions_knowing(alice) == {judged: {Role.JUDGED}}


def test_who_takes_consent_back_reads_what_knows_it(
    page: Client, correction: Correction, judged: PromptVersion
) -> None:
    answer = page.post("/you/consent/", {"consent": "no"}, follow=True)
    assert f"v{judged.number} of what reads your photos was checked against it." in answer.text


def leave(page: Client) -> Any:
    """To the end, with the receipt."""
    address = page.post(LEAVE, {"password": PASSWORD}).headers["Location"]
    Deletion.objects.update(due_at=timezone.now())
    carry_out_deletions_job()
    return page.get(address)


def test_the_receipt_of_a_deleted_account_names_the_versions(
    page: Client, alice: User, correction: Correction, judged: PromptVersion
) -> None:
    assert page.post(LEAVE, {"password": "wrong"}).status_code == 422
    assert User.objects.filter(pk=alice.pk).exists()
    receipt = leave(page)
    sentence = (
        f"v{judged.number} of what reads your photos was checked against it. It is not in use."
    )
    assert sentence in receipt.text
    assert "alice@example.org" not in receipt.text
    assert "1 correction<" in receipt.text
    assert not User.objects.filter(pk=alice.pk).exists()
    assert not Photo.objects.exists()
    assert not Garment.objects.exists()
    assert page.get("/you/").status_code == 302
    assert read_version(judged).unnamed == 1


@pytest.mark.django_db(transaction=True)
def test_files_go_with_the_account(client: Client) -> None:
    wearer = make_user()
    photo = make_photo(wearer, with_image=True)
    client.force_login(wearer, backend="django.contrib.auth.backends.ModelBackend")
    leave(client)
    assert not default_storage.exists(photo.image.name)


def test_an_operator_stays(as_operator: Client) -> None:
    answer = as_operator.post(LEAVE, {"password": PASSWORD}, follow=True)
    assert "An operator’s account stays" in answer.text
    assert User.objects.filter(email="operator@example.org").exists()
