"""The system's own drafts: of what several wearers corrected, with lineage, and live by nobody's hand."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from feedback.jobs import propose_versions_job
from feedback.lineage.passages import Role, Scope
from feedback.lineage.roads import find_passages, list_versions_knowing
from feedback.models import Correction, Proposal
from feedback.proposals.confusions import MOST_OF_A_WEARER, find_confusions
from feedback.proposals.drafting import propose_version
from feedback.proposals.keeping import NothingToProposeError
from feedback.proposals.wording import (
    HEADING,
    CopiedWordsError,
    check_copies,
    read_grammar,
)
from feedback.services.consents import give_consent, withdraw_consent
from registry.models import CollectedExample, Dataset, Deployment, PromptVersion
from registry.services.archivings import archive_version
from tests.factories import make_call, make_garment, make_user, make_version, promote
from wardrobe import vocabulary

pytestmark = pytest.mark.django_db
CARDIGAN = "is knitted and opens in front from top to bottom"


@pytest.fixture
def live(words: None) -> PromptVersion:
    version = make_version(system="You describe clothes.", user="Look.")
    promote(version)
    return version


def correct(
    version: PromptVersion,
    owner: User,
    said: str = "sweater",
    right: str = "cardigan",
    review: str = "accepted",
) -> Correction:
    return Correction.objects.create(
        owner=owner,
        garment=make_garment(owner),
        field="type",
        model_value=said,
        user_value=right,
        version=version,
        call=make_call(version),
        review=review,
    )


@pytest.fixture
def corrections(live: PromptVersion) -> list[Correction]:
    """Of two wearers who consented, two each."""
    wearers = [make_user() for _ in range(2)]
    for wearer in wearers:
        give_consent(wearer)
    return [correct(live, wearer) for wearer in wearers for _ in range(2)]


def test_a_draft_tells_apart_what_is_mixed_up(
    live: PromptVersion, corrections: list[Correction]
) -> None:
    proposal = propose_version(live.prompt)
    system = proposal.version.bundle["system"]
    assert system.startswith("You describe clothes.\n")
    assert f"- Call it `cardigan` if it {CARDIGAN}; `sweater` if it" in system
    assert {*proposal.corrections.all()} == {*corrections}
    assert "sweater for cardigan" in proposal.version.notes
    changed = {"system"}
    assert {k for k in live.bundle if live.bundle[k] != proposal.version.bundle[k]} == changed


def test_a_draft_leads_back_to_each_correction_and_its_wearer_leaves_knowing_it(
    live: PromptVersion, corrections: list[Correction]
) -> None:
    version = propose_version(live.prompt).version
    passages = find_passages(Scope(version=version))
    assert {passage.correction_id for passage in passages} == {one.pk for one in corrections}
    assert list_versions_knowing(corrections[0].owner) == {version: {Role.LEARNED}}
    assert list_versions_knowing(make_user()) == {}


def test_nothing_promotes_itself(live: PromptVersion, corrections: list[Correction]) -> None:
    moves = Deployment.objects.count()
    assert propose_versions_job() == 1
    assert Deployment.objects.count() == moves
    production = live.prompt.production()
    assert production and production.version == live


def test_the_same_again_is_the_same_draft(
    live: PromptVersion, corrections: list[Correction]
) -> None:
    assert propose_version(live.prompt) == propose_version(live.prompt)
    assert (Proposal.objects.count(), live.prompt.versions.count()) == (1, 2)


def test_a_live_draft_is_not_proposed_again_and_its_lines_are_replaced(
    live: PromptVersion, corrections: list[Correction]
) -> None:
    promote(propose_version(live.prompt).version)
    with pytest.raises(NothingToProposeError):
        propose_version(live.prompt)
    for correction in corrections:
        for _ in range(2):
            correct(live, correction.owner, "boots", "rain-boots")
    system = propose_version(live.prompt).version.bundle["system"]
    assert system.count(HEADING) == 1 and "rain-boots" in system


@pytest.mark.parametrize("spoil", ["consent", "review", "one wearer", "holdout", "no words"])
def test_what_may_not_teach_does_not(
    live: PromptVersion, corrections: list[Correction], spoil: str
) -> None:
    if spoil == "consent":
        withdraw_consent(corrections[0].owner)
    elif spoil == "review":
        Correction.objects.update(review="pending")
    elif spoil == "one wearer":
        Correction.objects.update(owner=corrections[0].owner)
    elif spoil == "holdout":
        lock(corrections[0])
        lock(corrections[1])
    else:
        Correction.objects.update(user_value="something-new")
    with pytest.raises(NothingToProposeError):
        propose_version(live.prompt)


def lock(correction: Correction) -> None:
    """Its photo is in the locked holdout."""
    dataset, _ = Dataset.objects.get_or_create(prompt=correction.version.prompt, name="golden")
    CollectedExample.objects.create(
        dataset=dataset,
        key=str(correction.pk),
        sha256="0" * 64,
        input={},
        expected={},
        fingerprint="0" * 16,
        split="holdout",
        call=correction.call,
        owner=correction.owner,
    )


def test_one_wearer_counts_so_often_and_no_more(
    live: PromptVersion, corrections: list[Correction]
) -> None:
    loud = corrections[0].owner
    for _ in range(2 * MOST_OF_A_WEARER):
        correct(live, loud)
    (confusion,) = find_confusions(live.prompt)
    assert [c.owner for c in confusion.corrections].count(loud) == MOST_OF_A_WEARER


def test_eight_words_of_a_wearer_are_refused_and_seven_are_not(
    live: PromptVersion, corrections: list[Correction]
) -> None:
    check_copies(f"it {CARDIGAN}", ["opens in front from top to bottom"])
    make_garment(corrections[0].owner, name=f"This {CARDIGAN}")
    with pytest.raises(CopiedWordsError):
        propose_version(live.prompt)
    assert propose_versions_job() == 0 and not Proposal.objects.exists()


def test_every_word_of_the_grammar_is_in_the_vocabulary(words: None) -> None:
    for field, values in read_grammar().items():
        assert values.keys() <= vocabulary.terms(field).keys()


def test_an_operator_proposes_from_the_list_of_corrections(
    as_operator: Client, live: PromptVersion, corrections: list[Correction]
) -> None:
    data = {"action": "propose", "_selected_action": [corrections[0].pk]}
    page = as_operator.post(reverse("admin:feedback_correction_changelist"), data, follow=True)
    assert "is written. It waits for its evaluation." in page.text
    assert Proposal.objects.get().version.author is not None


def test_what_is_proposed_again_is_not_said_to_wait_while_it_is_archived(
    as_operator: Client, live: PromptVersion, corrections: list[Correction], capsys: Any
) -> None:
    data = {"action": "propose", "_selected_action": [corrections[0].pk]}
    address = reverse("admin:feedback_correction_changelist")
    as_operator.post(address, data)
    archive_version(version=Proposal.objects.get().version, actor=None, reason="a dead end")
    page = as_operator.post(address, data, follow=True).text
    assert "is archived: restore it on the page of digitize_photo first." in page
    call_command("propose_version", "digitize_photo")
    assert "is archived: restore it" in capsys.readouterr().out


def test_the_command_says_what_it_wrote(
    live: PromptVersion, corrections: list[Correction], capsys: Any
) -> None:
    call_command("propose_version", "digitize_photo")
    assert "sweater for cardigan" in capsys.readouterr().out
