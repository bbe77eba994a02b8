"""A draft that was never before wearers is put away, and taken out again; nothing else is."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry import roles
from registry.admin.prompts import PromptVersionAdmin
from registry.canary.service import start_canary, stop_canary
from registry.evaluation import runner
from registry.forms import write_draft
from registry.models import Alias, DatasetVersion, Override, Prompt, PromptVersion, VersionArchiving
from registry.prompts.files import make_bundle
from registry.services import releases
from registry.services.archivings import (
    ArchivedError,
    NotArchivableError,
    archive_version,
    restore_version,
)
from registry.services.overrides import ReasonRequiredError, allow_override
from registry.services.versions import create_version, load_prompts
from tests.factories import make_operator, make_user
from tests.registry.api_client import Program, make_member
from tests.registry.golden import evaluate, make_draft, pass_beside_a_live_one, recall_guests
from tests.registry.live import make_live

pytestmark = pytest.mark.django_db(transaction=True)

WHY = "a dead end"


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    return recall_guests(tmp_path)


@pytest.fixture
def draft(prompt: Prompt) -> PromptVersion:
    """A second version, beside a live one."""
    make_live(prompt)
    return make_draft(prompt)


@pytest.fixture
def author(client: Client) -> Client:
    client.force_login(make_member(roles.AUTHOR))
    return client


def archive(version: PromptVersion) -> None:
    archive_version(version=version, actor=None, reason=WHY)


def address(name: str, version: PromptVersion) -> str:
    return reverse(f"admin:registry_promptversion_{name}", args=[version.pk])


def read_page(client: Client, version: PromptVersion, query: str = "") -> str:
    page = reverse("admin:registry_prompt_change", args=[version.prompt_id])
    return client.get(f"{page}{query}").content.decode()


def list_numbers(client: Client, query: str = "") -> set[int]:
    page = client.get(f"{reverse('admin:registry_promptversion_changelist')}{query}")
    return {version.number for version in page.context["cl"].queryset}


# On the operator's pages


def test_an_author_archives_a_draft_with_a_reason(author: Client, draft: PromptVersion) -> None:
    assert "Archive v2" in read_page(author, draft, "?version=2")
    assert "Archive v2" in author.get(address("archive", draft)).content.decode()
    page = author.post(address("archive", draft), {"reason": WHY}, follow=True).content.decode()
    assert "v2 is archived." in page and "Archived drafts (1)" in page
    row = VersionArchiving.objects.get()
    assert (row.kind, row.reason, row.actor.email) == ("archive", WHY, "rui@example.org")
    assert WHY in page.split('id="history-title"')[1]


def test_without_a_reason_nothing_is_archived(author: Client, draft: PromptVersion) -> None:
    answer = author.post(address("archive", draft), {"reason": " "})
    assert answer.status_code == 422 and "Say why" in answer.content.decode()
    assert not VersionArchiving.objects.exists()


def test_it_is_restored_at_one_press(author: Client, draft: PromptVersion) -> None:
    archive(draft)
    assert "Restore v2" in read_page(author, draft, "?version=2")
    page = author.post(address("restore", draft), follow=True).content.decode()
    assert "v2 is a draft again." in page and "Archived drafts" not in page
    assert [row.kind for row in VersionArchiving.objects.all()] == ["restore", "archive"]


def test_it_is_out_of_the_lists(author: Client, draft: PromptVersion) -> None:
    assert list_numbers(author) == {1, 2}
    archive(draft)
    assert list_numbers(author) == {1}
    assert list_numbers(author, "?archived=yes") == {2}
    assert list_numbers(author, "?archived=all") == {1, 2}
    assert '<option value="2"' not in read_page(author, draft)
    assert '<option value="2" selected' in read_page(author, draft, "?version=2")


def test_whoever_may_not_write_versions_archives_none(client: Client, draft: PromptVersion) -> None:
    reader = make_user("reader@example.org", is_staff=True)
    rights = Permission.objects.filter(codename__in=["view_prompt", "view_promptversion"])
    reader.user_permissions.set(rights)
    client.force_login(reader)
    assert "Archive v2" not in read_page(client, draft, "?version=2")
    for name in ("archive", "restore"):
        assert client.post(address(name, draft), {"reason": WHY}).status_code == 403
    assert not VersionArchiving.objects.exists()


def test_a_link_restores_nothing(author: Client, draft: PromptVersion) -> None:
    archive(draft)
    looked = author.get(address("restore", draft), headers={"Accept": "text/html"})
    assert (looked.status_code, "belongs to a button of another page" in looked.text) == (405, True)
    assert PromptVersion.objects.archived().get() == draft


def test_the_page_of_what_is_live_says_why_not(author: Client, draft: PromptVersion) -> None:
    live = Alias.objects.get().version
    assert "Archive v1" not in read_page(author, live, "?version=1")
    assert "Version 1 is live" in author.get(address("archive", live)).content.decode()
    answer = author.post(address("archive", live), {"reason": WHY})
    assert answer.status_code == 422 and "Version 1 is live." in answer.content.decode()


def test_the_same_content_written_again_stays_archived(
    author: Client, draft: PromptVersion
) -> None:
    bundle = make_bundle({}, system="Be kind.", user="Greet $name.")
    kind = create_version(prompt=draft.prompt, bundle=bundle)
    archive(kind)
    form = {"notes": "", **write_draft(kind)}
    page = author.post(address("draft", kind), form, follow=True).content.decode()
    assert "That is version 3, which is archived" in page
    assert PromptVersion.objects.archived().get() == kind


def test_the_filter_has_a_name_for_no_choice(author: Client, draft: PromptVersion) -> None:
    page = author.get(reverse("admin:registry_promptversion_changelist")).content.decode()
    assert PromptVersionAdmin.list_filter[0].title == "archived" and "Not archived" in page


# What is never archived


def refuse(version: PromptVersion, why: str) -> None:
    """By the service, and by the database."""
    with pytest.raises(NotArchivableError, match=why):
        archive(version)
    with pytest.raises(IntegrityError, match="not archived"), transaction.atomic():
        version.archivings.create(kind="archive", reason=WHY)
    assert not VersionArchiving.objects.exists()


def test_what_is_live_is_not(draft: PromptVersion) -> None:
    refuse(Alias.objects.get().version, "is live")


def test_what_was_live_is_not(prompt: Prompt, draft: PromptVersion) -> None:
    make_live(prompt, user="Greet $name well.")
    refuse(prompt.versions.get(number=1), "was live")


def test_what_a_canary_tried_is_not(prompt: Prompt, golden: DatasetVersion) -> None:
    tried = pass_beside_a_live_one(prompt, golden)
    canary = start_canary(version=tried, share=0.1, actor=None, reason="try")
    refuse(tried, "as a canary")
    stop_canary(canary=canary, actor=None, reason="enough")
    refuse(tried, "as a canary")


def test_what_an_override_lets_pass_is_not(draft: PromptVersion) -> None:
    allow_override(version=draft, actor=make_operator(), reason="it burns")
    refuse(draft, "override")


def test_what_is_being_evaluated_is_not(draft: PromptVersion, golden: DatasetVersion) -> None:
    run = runner.start_run(version=draft, dataset_version=golden, engine="builtin", actor=None)
    with pytest.raises(NotArchivableError, match="being evaluated"):
        archive(draft)
    run.ending, run.ended_at = "cancelled", run.started_at
    run.save()
    archive(draft)
    assert PromptVersion.objects.archived().get() == draft


def test_without_a_reason_the_service_archives_nothing(draft: PromptVersion) -> None:
    with pytest.raises(ReasonRequiredError):
        archive_version(version=draft, actor=None, reason=" ")
    assert not PromptVersion.objects.archived().exists()


# What is archived goes before nobody


def test_loading_its_file_says_that_it_is_archived(
    prompt: Prompt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """To evaluate and promote it, as is said of other files, would end in a refusal."""
    make_live(prompt)
    (tmp_path / "greet.md").write_text(FILE)
    (version,) = load_prompts(directory=tmp_path)
    archive(version)
    call_command("load_prompts", str(tmp_path))
    told = capsys.readouterr().out
    assert "greet v2 is archived: restore it on the page of greet first" in told
    assert "manage.py evaluate" not in told


def test_the_page_that_tries_it_on_wearers_says_that_it_is_archived(
    client: Client, prompt: Prompt, golden: DatasetVersion
) -> None:
    passed = pass_beside_a_live_one(prompt, golden)
    archive(passed)
    client.force_login(make_member(roles.RELEASER))
    page = client.get(reverse("admin:registry_canary_start", args=[passed.pk])).text
    assert "It is archived:" in page and 'name="percent"' not in page


def test_an_archived_version_is_not_promoted(prompt: Prompt, golden: DatasetVersion) -> None:
    passed = pass_beside_a_live_one(prompt, golden)
    archive(passed)
    with pytest.raises(ArchivedError, match="Restore it first"):
        releases.promote_version(version=passed, actor=None, reason="better")
    with pytest.raises(ArchivedError):
        start_canary(version=passed, share=0.1, actor=None, reason="better")
    with pytest.raises(CommandError, match="is archived"):
        call_command("promote", "greet@2", reason="better")
    restore_version(version=passed, actor=None)
    assert releases.promote_version(version=passed, actor=None, reason="better").version == passed


def test_sql_by_hand_does_not_either(prompt: Prompt, golden: DatasetVersion) -> None:
    passed = pass_beside_a_live_one(prompt, golden)
    archive(passed)
    until = timezone.now() + timedelta(days=1)
    override = {"version": passed, "actor": make_operator(), "reason": WHY, "expires_at": until}
    for act in (
        lambda: Alias.objects.update(version=passed),
        lambda: Override.objects.create(**override),
    ):
        with pytest.raises(IntegrityError, match="is archived"), transaction.atomic():
            act()
    assert Alias.objects.get().version.number == 1


def test_its_rows_stay_as_they_were_written(draft: PromptVersion) -> None:
    archive(draft)
    for act in (
        lambda: VersionArchiving.objects.update(reason="none"),
        lambda: VersionArchiving.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            act()


def test_the_api_says_so(prompt: Prompt, golden: DatasetVersion) -> None:
    passed = pass_beside_a_live_one(prompt, golden)
    archive(passed)
    program = Program(make_member(roles.RELEASER))
    _, found = program.get("prompts/greet")
    assert [(v["number"], v["is_archived"]) for v in found["versions"]] == [(2, True), (1, False)]
    sent = {"version": 2, "reason": "better", "expected_epoch": 1}
    status, problem = program.post("prompts/greet/promote", sent)
    assert (status, problem["kind"]) == (422, "archived")


def test_a_file_is_taken_out_where_nothing_else_could_answer(
    prompt: Prompt, tmp_path: Path
) -> None:
    (tmp_path / "greet.md").write_text(FILE)
    (version,) = load_prompts(directory=tmp_path, promote=False)
    archive(version)
    load_prompts(directory=tmp_path, promote=False)
    assert PromptVersion.objects.archived().get() == version
    load_prompts(directory=tmp_path)
    assert Alias.objects.get().version == version
    assert not PromptVersion.objects.archived().exists()


FILE = """+++
engine = "default"
[model]
id = "x"
revision = "y"
+++

# System

You greet.

# User

Greet $name.
"""


def test_an_evaluated_draft_is_archived_with_what_it_answered(
    prompt: Prompt, golden: DatasetVersion
) -> None:
    passed = pass_beside_a_live_one(prompt, golden)
    archive(passed)
    assert passed.verdicts.count() == 1
    evaluate(passed, golden)
    assert PromptVersion.objects.archived().get() == passed
