"""Promote, override, evaluate and look back, on the operator's pages."""

from datetime import timedelta
from pathlib import Path

import django_rq
import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from rq import SimpleWorker

from registry import jobs, roles, selectors
from registry.evaluation import runner
from registry.models import (
    Alias,
    DatasetVersion,
    Deployment,
    EvaluationRun,
    InferenceCall,
    Prompt,
    PromptVersion,
)
from registry.services import releases
from tests.factories import make_operator, make_user
from tests.registry.golden import evaluate, make_draft, recall_guests
from tests.registry.live import make_live
from tests.registry.toy import Greet

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    return recall_guests(tmp_path)


@pytest.fixture
def draft(prompt: Prompt, golden: DatasetVersion) -> PromptVersion:
    """A good version beside a live one; nobody has evaluated it."""
    make_live(prompt)
    return make_draft(prompt)


@pytest.fixture
def operator_client(client: Client) -> Client:
    client.force_login(make_operator())
    return client


def sign_in_as(client: Client, role: str) -> Client:
    roles.make_roles()
    member = make_user(is_staff=True)
    member.groups.add(Group.objects.get(name=role))
    client.force_login(member)
    return client


def promote_url(version: PromptVersion) -> str:
    return reverse("admin:registry_prompt_promote", args=[version.prompt_id, version.pk])


def promote(client: Client, version: PromptVersion, **changes: object) -> tuple[int, str]:
    form = {"reason": "better", "expected_epoch": 1, **changes}
    response = client.post(promote_url(version), form)
    return response.status_code, response.content.decode()


def start(client: Client, version: PromptVersion) -> int:
    return client.post(reverse("admin:registry_evaluationrun_start", args=[version.pk])).status_code


def test_a_releaser_promotes_what_passed(
    client: Client, draft: PromptVersion, golden: DatasetVersion
) -> None:
    run = evaluate(draft, golden)
    sign_in_as(client, roles.RELEASER)
    page = client.get(promote_url(draft)).content.decode()
    assert "Nothing stands against it." in page
    assert reverse("admin:registry_evaluationrun_change", args=[run.pk]) in page
    assert promote(client, draft)[0] == 302
    assert Alias.objects.get().version == draft


def test_what_has_not_passed_says_why_and_stays_a_draft(
    client: Client, draft: PromptVersion
) -> None:
    sign_in_as(client, roles.RELEASER)
    page = client.get(promote_url(draft)).content.decode()
    assert "<li>No evaluation on golden 1" in page
    assert "without a pass" not in page
    status, page = promote(client, draft)
    assert (status, "It has not passed" in page) == (422, True)
    status, page = promote(client, draft, is_override="on")
    assert (status, "Only a superuser" in page) == (422, True)
    assert Alias.objects.get().version != draft


def test_the_page_of_a_version_says_whether_it_has_passed(
    operator_client: Client, draft: PromptVersion, golden: DatasetVersion
) -> None:
    url = reverse("admin:registry_promptversion_change", args=[draft.pk])
    assert "It has not passed" in operator_client.get(url).content.decode()
    evaluate(draft, golden)
    assert "It has passed" in operator_client.get(url).content.decode()
    assert promote_url(draft) in operator_client.get(url).content.decode()


def test_who_may_not_promote_is_not_led_to_it(draft: PromptVersion) -> None:
    author = make_user(is_staff=True)
    author.user_permissions.add(Permission.objects.get(codename="view_promptversion"))
    client = Client()
    client.force_login(author)
    url = reverse("admin:registry_promptversion_change", args=[draft.pk])
    page = client.get(url).content.decode()
    assert "It has not passed" in page and promote_url(draft) not in page


def test_an_override_is_red_until_a_run_passes(
    operator_client: Client, draft: PromptVersion, golden: DatasetVersion
) -> None:
    assert "without a pass" in operator_client.get(promote_url(draft)).content.decode()
    assert promote(operator_client, draft, is_override="on", reason="It burns")[0] == 302
    page = reverse("admin:registry_prompt_change", args=[draft.prompt_id])
    red = "live without having passed"
    assert red in operator_client.get(page).content.decode()
    overrides = reverse("admin:registry_override_changelist")
    assert "Open: it has not passed" in operator_client.get(overrides).content.decode()
    evaluate(draft, golden)
    assert red not in operator_client.get(page).content.decode()
    assert "Resolved: it has passed since" in operator_client.get(overrides).content.decode()


def test_the_slower_operator_is_told(
    operator_client: Client, draft: PromptVersion, golden: DatasetVersion, prompt: Prompt
) -> None:
    evaluate(draft, golden)
    live = make_live(prompt, user="Greet $name well.")
    status, page = promote(operator_client, draft)
    assert (status, "moved meanwhile" in page) == (422, True)
    assert Alias.objects.get().version == live


@pytest.mark.parametrize(
    ("role", "may_start", "may_promote"),
    [(roles.AUTHOR, 403, 403), (roles.EVALUATOR, 302, 403), (roles.RELEASER, 302, 200)],
)
def test_each_role_may_do_its_part(
    client: Client, draft: PromptVersion, role: str, may_start: int, may_promote: int
) -> None:
    sign_in_as(client, role)
    page = reverse("admin:registry_prompt_change", args=[draft.prompt_id])
    assert client.get(page, {"version": draft.number}).status_code == 200
    assert start(client, draft) == may_start
    assert client.get(promote_url(draft)).status_code == may_promote


def test_roles_are_there_after_a_migrate_and_stay_as_operators_change_them() -> None:
    roles.make_roles()
    Group.objects.get(name=roles.AUTHOR).permissions.clear()
    roles.make_roles()
    assert not Group.objects.get(name=roles.AUTHOR).permissions.exists()
    assert Group.objects.get(name=roles.RELEASER).permissions.count() == len(
        roles.ROLES[roles.RELEASER]
    )


def test_an_evaluation_started_in_the_admin_is_run_by_a_worker(
    operator_client: Client, draft: PromptVersion
) -> None:
    assert start(operator_client, draft) == start(operator_client, draft) == 302
    run = EvaluationRun.objects.get()
    page = reverse("admin:registry_evaluationrun_change", args=[run.pk])
    running = operator_client.get(page).content.decode()
    assert 'http-equiv="refresh"' in running
    assert "Running, 0 of 4" in running
    queue = django_rq.get_queue(jobs.QUEUE)
    SimpleWorker([queue], connection=queue.connection, serializer=queue.serializer).work(burst=True)
    done = operator_client.get(page).content.decode()
    assert "Passed" in done
    assert 'http-equiv="refresh"' not in done
    assert promote_url(draft) in done


def test_a_long_evaluation_lets_others_have_their_turn(
    draft: PromptVersion, golden: DatasetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "EVALUATE_FOR_S", 0.0)
    run = runner.start_run(version=draft, dataset_version=golden)
    endings = []
    for _ in range(5):
        jobs.evaluate_job(run.pk)
        run.refresh_from_db()
        endings.append((run.results.count(), run.ending))
    assert endings == [(1, ""), (2, ""), (3, ""), (4, ""), (4, "completed")]
    assert InferenceCall.objects.count() == 4


def test_an_evaluation_is_left_to_workers_that_can_run_its_version(
    draft: PromptVersion, golden: DatasetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker of the release before would fail it all, and nobody would ask again."""
    monkeypatch.setattr(jobs, "REST_S", 0.0)
    run = runner.start_run(version=draft, dataset_version=golden)
    queue = django_rq.get_queue(jobs.QUEUE)
    with monkeypatch.context() as patch:
        patch.setattr(Greet, "explain_unusable", lambda self, parameters: "The dictionary is old.")
        EvaluationRun.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
        jobs.evaluate_job(run.pk)
        assert not run.results.exists()
        assert jobs.end_lost_evaluations_job() == 0, "it is still heard of"
    (job,) = queue.jobs
    jobs.evaluate_job(*job.args)
    run.refresh_from_db()
    assert (run.ending, run.results.count()) == ("completed", 4)


def test_an_evaluation_that_no_worker_can_run_fails_after_a_while(
    draft: PromptVersion, golden: DatasetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = runner.start_run(version=draft, dataset_version=golden)
    monkeypatch.setattr(Greet, "schema_revision", draft.bundle["schema_revision"] - 1)
    assert "schema_revision" in jobs.explain_left(run)
    run.started_at = timezone.now() - jobs.LEAVE_FOR
    assert jobs.explain_left(run) == ""


def test_looking_at_the_address_of_the_button_begins_nothing(
    operator_client: Client, draft: PromptVersion
) -> None:
    """As after signing in again, which leads to where a form was sent."""
    begin = reverse("admin:registry_evaluationrun_start", args=[draft.pk])
    assert operator_client.get(begin).status_code == 405
    assert not EvaluationRun.objects.filter(version=draft).exists()


def test_a_cancelled_evaluation_stops_after_its_example(
    operator_client: Client, draft: PromptVersion, golden: DatasetVersion
) -> None:
    run = runner.start_run(version=draft, dataset_version=golden)
    cancel = reverse("admin:registry_evaluationrun_cancel", args=[run.pk])
    runner.continue_run(run, progress=lambda result: operator_client.post(cancel))
    assert (run.ending, run.results.count()) == ("cancelled", 1)
    assert "It had ended already." in operator_client.post(cancel, follow=True).content.decode()


def test_an_evaluation_whose_process_is_gone_is_lost(
    draft: PromptVersion, golden: DatasetVersion
) -> None:
    run = runner.start_run(version=draft, dataset_version=golden)
    assert jobs.end_lost_evaluations_job() == 0
    EvaluationRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - timedelta(hours=1))
    assert jobs.end_lost_evaluations_job() == 1
    run.refresh_from_db()
    assert run.ending == "lost"
    jobs.evaluate_job(run.pk)
    assert not run.results.exists()


def test_what_was_live_at_a_moment_is_one_query(
    prompt: Prompt, django_assert_num_queries: object
) -> None:
    first, second = make_live(prompt), make_live(prompt, user="Greet $name well.")
    begins = [Deployment.objects.get(to_version=version).created_at for version in (first, second)]
    releases.roll_back(
        prompt=prompt, to_version=first, actor=None, reason="worse", expected_epoch=2
    )
    before = begins[0] - timedelta(seconds=1)
    assert selectors.live_at(prompt, before) is None
    for moment, version in ((begins[0], first), (begins[1], second), (timezone.now(), first)):
        with django_assert_num_queries(1):  # type: ignore[operator]
            move = selectors.live_at(prompt, moment)
            assert move is not None
            assert move.to_version == version


def test_the_page_says_what_was_live_at_a_moment(operator_client: Client, prompt: Prompt) -> None:
    version = make_live(prompt)
    url = reverse("admin:registry_prompt_past", args=[prompt.pk])
    now = localtime() + timedelta(minutes=1)
    assert (
        version.short_sha
        in operator_client.get(url, {"at": f"{now:%Y-%m-%dT%H:%M}"}).content.decode()
    )
    then = now - timedelta(days=1)
    assert (
        "Nothing was live"
        in operator_client.get(url, {"at": f"{then:%Y-%m-%dT%H:%M}"}).content.decode()
    )
    assert "Write a date" in operator_client.get(url, {"at": "noon"}).content.decode()
