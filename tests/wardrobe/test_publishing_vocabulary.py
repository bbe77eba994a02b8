"""From an edited word to versions that use it, and back."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.models import User
from registry import inference, roles
from registry.engines.base import EngineRequest
from registry.models import Prompt, PromptVersion
from registry.prompts import live_versions
from registry.prompts.files import PromptFileError
from registry.rendering import build_request
from registry.services import releases
from registry.services.archivings import archive_version
from registry.services.versions import create_version, load_prompts
from registry.tasks import get_task
from tests.factories import make_garment, make_image, make_operator, make_user, promote
from wardrobe import vocabulary
from wardrobe.models import VocabularyRevision, VocabularyTerm
from wardrobe.tasks import DigitizeContext
from wardrobe.vocabulary.publishing import list_differences, publish_vocabulary

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("digitizing")]

PUBLISH = "admin:wardrobe_vocabularyterm_publish"


def edit(kind: str, value: str, **fields: Any) -> None:
    assert VocabularyTerm.objects.filter(kind=kind, value=value).update(**fields) == 1


def publish(kind: str = "type", value: str = "coat", **fields: Any) -> dict[str, PromptVersion]:
    """An edit, published: the versions that it made, by task."""
    edit(kind, value, **(fields or {"label": "Overcoat"}))
    versions = publish_vocabulary(author=None).versions
    vocabulary.forget()
    return {version.prompt.name: version for version in versions}


def render(version: PromptVersion) -> EngineRequest:
    """What an engine would be asked under it, of a photo."""
    task = get_task("digitize_photo")
    context = DigitizeContext.of(make_image(format="WEBP"))
    pinned = task.pin_context(context, version.bundle)
    return build_request(task, pinned, live_versions.hold(version), seed=1)


def describe_request(request: EngineRequest) -> tuple[Any, ...]:
    return request.system, request.user, request.schema, request.images, request.model


def live(task: str = "digitize_photo") -> PromptVersion:
    alias = Prompt.objects.get(name=task).production()
    assert alias is not None
    return alias.version


def test_publishing_makes_a_version_of_each_prompt_that_uses_the_vocabulary() -> None:
    before = {task: live(task) for task in ("digitize_photo", "suggest_outfit")}
    made = publish()
    assert made.keys() == before.keys()
    for task, version in made.items():
        assert (version.number, live(task)) == (before[task].number + 1, before[task])
        assert version.bundle["vocabulary_revision"] == VocabularyRevision.objects.first().sha256  # type: ignore[union-attr]


def test_nothing_changes_what_a_version_asks() -> None:
    before = describe_request(render(live()))
    version = publish("type", "coat", is_active=False)["digitize_photo"]
    assert describe_request(render(live())) == before
    schema = render(version).schema["properties"]["garments"]["items"]["properties"]
    assert "coat" not in schema["type"]["enum"]
    assert "coat" not in render(version).system.replace("trench-coat", "").split(", ")


def test_a_roll_back_brings_the_old_words_back_byte_by_byte() -> None:
    first = live()
    before = describe_request(render(first))
    promote(publish("type", "coat", is_active=False)["digitize_photo"])
    vocabulary.forget()
    assert "coat" not in vocabulary.values("type")
    alias = first.prompt.production()
    assert alias is not None and alias.version != first
    releases.roll_back(
        prompt=first.prompt, to_version=first, actor=None, reason="x", expected_epoch=alias.epoch
    )
    live_versions.forget()
    assert describe_request(render(live())) == before
    assert "coat" in vocabulary.values("type")


def test_pages_follow_the_live_version_not_the_draft(as_alice: Client, alice: User) -> None:
    garment = make_garment(alice, type="coat", slot="outerwear")
    page = reverse("wardrobe:garment-detail", args=[garment.pk])
    version = publish("type", "coat", label="Overcoat")["digitize_photo"]
    assert "Overcoat" not in as_alice.get(page).content.decode()
    promote(version)
    assert "Overcoat" in as_alice.get(page).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_door_answers_in_the_words_that_the_version_pins() -> None:
    promote(publish("type", "other", label="Thing")["digitize_photo"])
    version = publish("colour", "navy", is_active=False)["digitize_photo"]
    context = DigitizeContext.of(make_image(size=(200, 200), format="WEBP"))
    held = live_versions.hold(version)
    answer = inference.run("digitize_photo", context, subject="photo:1", version=held).output
    assert "navy" not in [c.name for garment in answer.garments for c in garment.colours]  # type: ignore[attr-defined]


def test_a_version_that_pins_words_nobody_published_is_refused() -> None:
    with pytest.raises(PromptFileError, match="vocabulary_revision"):
        create_version(
            prompt=live().prompt, bundle={**live().bundle, "vocabulary_revision": "0" * 64}
        )


def test_the_same_file_after_a_change_of_words_is_another_version(settings: Any) -> None:
    folder = settings.BASE_DIR / "fixtures" / "prompts"
    again = load_prompts(directory=folder)
    assert {version.number for version in again} == {1}
    made = publish()
    assert {version.pk for version in load_prompts(directory=folder)} == {
        version.pk for version in made.values()
    }


def test_a_draft_that_the_stylist_cannot_work_with_is_refused(client: Client) -> None:
    client.force_login(make_operator())
    edit("event", "other", is_active=False)
    response = client.post(reverse(PUBLISH), {"notes": ""})
    assert response.status_code == 422
    assert "The event “other” is needed." in response.content.decode()
    assert VocabularyRevision.objects.count() == 1


def test_the_admin_shows_what_the_draft_changes_and_publishes_it(client: Client) -> None:
    client.force_login(make_operator())
    listing = reverse("admin:wardrobe_vocabularyterm_changelist")
    assert "The draft differs" not in client.get(listing).content.decode()
    edit("type", "coat", label="Overcoat")
    assert "The draft differs" in client.get(listing).content.decode()
    assert "label: Coat → Overcoat" in client.get(reverse(PUBLISH)).content.decode()
    page = client.post(reverse(PUBLISH), {"notes": "As they say it"}, follow=True)
    assert "Vocabulary 2 is published. It made digitize_photo v2, suggest_outfit v2" in (
        page.content.decode()
    )
    assert list_differences() == []


def test_what_is_sent_twice_makes_nothing_more_and_says_so(client: Client) -> None:
    client.force_login(make_operator())
    edit("type", "coat", label="Overcoat")
    first, page = (client.post(reverse(PUBLISH), {"notes": ""}, follow=True).text for _ in range(2))
    assert "It made digitize_photo v2, suggest_outfit v2: evaluate, then promote." in first
    assert "These words are in digitize_photo v2, suggest_outfit v2 already." in page
    assert "It made" not in page
    assert PromptVersion.objects.count() == 4


def test_words_of_an_archived_version_are_said_to_be_archived(client: Client) -> None:
    client.force_login(make_operator())
    archive_version(version=publish()["digitize_photo"], actor=None, reason="a dead end")
    page = client.post(reverse(PUBLISH), {"notes": ""}, follow=True).text
    assert "digitize_photo v2 is archived: restore it on the page of digitize_photo first." in page
    assert "suggest_outfit v2 is archived" not in page


def test_only_who_may_write_versions_may_publish(client: Client) -> None:
    helper = make_user("helper@example.org", is_staff=True)
    helper.groups.add(Group.objects.get(name=roles.AUTHOR))
    client.force_login(helper)
    assert client.get(reverse(PUBLISH)).status_code == 403
    outsider = make_user("outsider@example.org", is_staff=True)
    client.force_login(outsider)
    assert client.post(reverse(PUBLISH), {"notes": ""}).status_code == 403
    assert VocabularyRevision.objects.count() == 1


def test_prompts_that_were_loaded_before_the_words_are_replaced(settings: Any) -> None:
    wordless = PromptVersion(
        prompt=live().prompt, number=9, sha256="9" * 64, bundle={**live().bundle}
    )
    wordless.bundle["vocabulary_revision"] = ""
    wordless.save()
    promote(wordless)
    load_prompts(directory=settings.BASE_DIR / "fixtures" / "prompts")
    assert live().number == 1
