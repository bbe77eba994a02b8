"""The same gate for whoever moves production: on the operator's pages, over HTTP, by a command, by the ORM and by SQL."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from registry import roles
from registry.engines import get_engine
from registry.models import Alias, DatasetVersion, Override, Prompt, PromptVersion
from registry.prompts import live_versions
from registry.services import releases
from tests.factories import make_operator
from tests.recalling import recall
from tests.registry.api_client import Program, make_member
from tests.registry.golden import evaluate, import_guests, make_draft, recall_guests, write_guests

pytestmark = pytest.mark.django_db(transaction=True)

Way = Callable[[PromptVersion, str], None]


def by_admin(version: PromptVersion, verb: str) -> None:
    client = Client()
    client.force_login(make_member(roles.RELEASER, "admin@example.org"))
    form = {"reason": "better", "expected_epoch": epoch(), "is_override": "on"}
    if verb == "promote":
        url = reverse("admin:registry_prompt_promote", args=[version.prompt_id, version.pk])
    else:
        url = reverse("admin:registry_prompt_roll_back", args=[version.prompt_id])
        form["to_version"] = version.pk
    client.post(url, form)
    form.pop("is_override")
    client.post(url, form)


def by_api(version: PromptVersion, verb: str) -> None:
    program = Program(make_member(roles.RELEASER, "api@example.org"))
    body = {"version": version.number, "reason": "better", "expected_epoch": epoch()}
    program.post(f"prompts/{version.prompt.name}/{verb}", body)


def by_command(version: PromptVersion, verb: str) -> None:
    name = version.prompt.name
    try:
        if verb == "promote":
            call_command("promote", f"{name}@{version.number}", reason="better")
        else:
            call_command("roll_back", name, version.number, reason="better")
    except CommandError:
        pass


def by_orm(version: PromptVersion, verb: str) -> None:
    try:
        with transaction.atomic():
            Alias.objects.update(version=version)
    except IntegrityError:
        pass


def by_sql(version: PromptVersion, verb: str) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE registry_alias SET version_id = %s", [version.pk])
    except IntegrityError:
        pass


SERVED = [by_admin, by_api, by_command]
"""Those that know whether a move goes forward or back."""
every_way = pytest.mark.parametrize("way", [*SERVED, by_orm, by_sql], ids=lambda way: way.__name__)
both_verbs = pytest.mark.parametrize("verb", ["promote", "roll-back"])


def epoch() -> int:
    return Alias.objects.get().epoch


def live() -> PromptVersion:
    return Alias.objects.select_related("version").get().version


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    return recall_guests(tmp_path)


@pytest.fixture
def first(prompt: Prompt, golden: DatasetVersion) -> PromptVersion:
    """It has passed and is live."""
    return recall("first", lambda: promote_and_pass(prompt, golden))


def promote_and_pass(prompt: Prompt, golden: DatasetVersion) -> PromptVersion:
    version = make_draft(prompt)
    releases.promote_version(version=version, actor=None, reason="first")
    evaluate(version, golden)
    return version


@pytest.fixture
def bad(first: PromptVersion, golden: DatasetVersion) -> PromptVersion:
    """Half of what it says is wrong, and an evaluation has said so."""
    version = make_draft(first.prompt, parameters={"word": "Hi"})
    evaluate(version, golden)
    return version


def override(version: PromptVersion) -> None:
    """A superuser makes it live without a pass."""
    releases.promote_version(
        version=version, actor=make_operator(), reason="now", override_reason="It burns"
    )


def roll_back(to: PromptVersion) -> None:
    releases.roll_back(
        prompt=to.prompt, to_version=to, actor=None, reason="worse", expected_epoch=epoch()
    )


@every_way
def test_what_has_not_passed_stays_out(first: PromptVersion, bad: PromptVersion, way: Way) -> None:
    way(bad, "promote")
    assert live() == first


@every_way
@both_verbs
def test_overridden_once_is_not_overridden_for_ever(
    first: PromptVersion, bad: PromptVersion, way: Way, verb: str
) -> None:
    """Its override has days to go, and is used up all the same."""
    override(bad)
    roll_back(first)
    way(bad, verb)
    assert live() == first
    assert Override.objects.filter(version=bad, expires_at__gt=timezone.now()).exists()


@every_way
@both_verbs
def test_an_expired_override_opens_nothing(
    first: PromptVersion, bad: PromptVersion, way: Way, verb: str
) -> None:
    ended = timezone.now() - timedelta(hours=1)
    Override.objects.create(
        version=bad, reason="x", created_at=ended - timedelta(days=1), expires_at=ended
    )
    way(bad, verb)
    assert live() == first


@every_way
@both_verbs
def test_a_new_override_brings_it_back(
    first: PromptVersion, bad: PromptVersion, way: Way, verb: str
) -> None:
    override(bad)
    roll_back(first)
    Override.objects.create(version=bad, reason="x", expires_at=timezone.now() + timedelta(hours=1))
    way(bad, verb)
    assert live() == bad


@every_way
def test_what_had_passed_comes_back_in_one_step(
    first: PromptVersion, golden: DatasetVersion, tmp_path: Path, way: Way
) -> None:
    """Whatever the examples are meanwhile."""
    second = make_draft(first.prompt)
    evaluate(second, golden)
    releases.promote_version(version=second, actor=None, reason="better")
    import_guests(write_guests(tmp_path, ["eve"]))
    way(first, "roll-back")
    assert live() == first


@pytest.mark.parametrize("way", SERVED, ids=lambda way: way.__name__)
def test_forward_takes_a_pass_on_the_current_examples(
    first: PromptVersion, golden: DatasetVersion, tmp_path: Path, way: Way
) -> None:
    second = make_draft(first.prompt)
    evaluate(second, golden)
    import_guests(write_guests(tmp_path, ["eve"]))
    way(second, "promote")
    assert live() == first


@pytest.fixture
def another(settings: Settings) -> str:
    """A second engine that answers as the built-in one does."""
    settings.INFERENCE_ENGINES = {
        **settings.INFERENCE_ENGINES,
        "another": settings.INFERENCE_ENGINES["builtin"],
    }
    get_engine.cache_clear()
    return "another"


@every_way
def test_the_pass_of_another_engine_lets_nobody_else_answer(
    first: PromptVersion, golden: DatasetVersion, another: str, way: Way
) -> None:
    """It is not configured here: the services refuse, and whoever gets past them finds nobody who answers."""
    draft = make_draft(first.prompt)
    evaluate(draft, golden, engine=another)
    way(draft, "promote")
    assert (live() == first) is (way in SERVED)
    live_versions.forget()
    allowed = live_versions.resolve("greet", certain=True).engines
    assert allowed == ({"builtin"} if way in SERVED else set())


@every_way
def test_of_two_engines_the_one_that_passed_answers(
    first: PromptVersion, golden: DatasetVersion, another: str, way: Way, settings: Settings
) -> None:
    default = {
        **settings.INFERENCE_ENGINES["default"],
        "OPTIONS": {"engines": [another, "builtin"]},
    }
    settings.INFERENCE_ENGINES = {**settings.INFERENCE_ENGINES, "default": default}
    draft = make_draft(first.prompt)
    evaluate(draft, golden, engine="builtin")
    way(draft, "promote")
    assert live() == draft
    live_versions.forget()
    assert live_versions.resolve("greet", certain=True).engines == {"builtin"}
