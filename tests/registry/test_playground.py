"""A version tried in the admin, beside the live one: answers, violations, figures, and who may."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import StreamingHttpResponse
from django.test import AsyncClient, Client
from django.urls import reverse
from PIL import Image
from pytest_django.fixtures import Settings

from registry.engines import get_engine
from registry.evaluation import playground, runner
from registry.evaluation.playground import PlaygroundQuestion
from registry.models import InferenceCall, Prompt, PromptVersion
from tests.factories import make_image, make_operator, make_user
from tests.fakes import Script, answer, serve_vllm
from tests.registry.golden import make_draft, recall_guests
from tests.registry.live import make_live
from tests.registry.toy import Guest

pytestmark = pytest.mark.django_db(transaction=True)

LINES = "application/x-ndjson"


@pytest.fixture
def draft(prompt: Prompt, tmp_path: Path) -> PromptVersion:
    """Says "Howdy" where the live one says "Hello"."""
    recall_guests(tmp_path)
    make_live(prompt)
    return make_draft(prompt, parameters={"word": "Howdy"})


@pytest.fixture
def operator_client(client: Client) -> Client:
    client.force_login(make_operator())
    return client


def try_url(version: PromptVersion) -> str:
    return reverse("admin:registry_promptversion_try", args=[version.pk])


def text(response: Any) -> str:
    return str(response.content.decode())


def ask(client: Client, version: PromptVersion, **question: Any) -> list[Any]:
    """The answers on the page, the tried one first."""
    response = client.post(try_url(version), question)
    assert response.status_code == 200, response.context["form"].errors
    return [found for _, found in response.context["sides"]]


def test_both_versions_answer_the_same_example(
    operator_client: Client, draft: PromptVersion
) -> None:
    tried, live = ask(operator_client, draft, example="ada")
    assert "Howdy ada" in tried.output
    assert "Hello ada" in live.output
    assert (tried.score.correct, live.score.correct) == (1, 2)
    assert tried.call.seed == live.call.seed == runner.SEED


def test_the_live_version_is_asked_alone(operator_client: Client, draft: PromptVersion) -> None:
    live = draft.prompt.production()
    assert live
    assert len(ask(operator_client, live.version, example="ada")) == 1


def test_what_is_tried_counts_for_no_dashboard(
    operator_client: Client, draft: PromptVersion
) -> None:
    ask(operator_client, draft, example="ada")
    assert InferenceCall.objects.count() == 2
    assert not InferenceCall.objects.for_people().exists()


def test_violations_are_told(
    operator_client: Client, draft: PromptVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = make_draft(draft.prompt, engine="vllm")
    reply = json.dumps({"mood": "kind", "prose": "Hello <script>Eve</script>"})
    with serve_vllm(Script(answer(reply))) as server:
        monkeypatch.setattr(get_engine("vllm"), "url", f"{server.url}/v1/chat/completions")
        page = text(operator_client.post(try_url(wrong), {"example": "ada"}))
    assert "Wrong name" in page and "wrong_name" not in page
    assert "Hello &lt;script&gt;Eve" in page
    assert "<script>Eve" not in page
    assert "11 / 7" in page


def test_an_engine_that_is_away_is_said_on_its_side(
    operator_client: Client, draft: PromptVersion
) -> None:
    away = make_draft(draft.prompt, engine="vllm")
    tried, live = ask(operator_client, away, example="ada")
    assert "VLLM_BASE_URL" in tried.error
    assert "Hello ada" in live.output
    assert tried.score.correct == 0


@pytest.mark.parametrize(
    ("question", "told"),
    [({}, "Choose an example."), ({"example": "nobody"}, "No golden example is called that.")],
)
def test_a_question_that_is_none_is_refused(
    operator_client: Client, draft: PromptVersion, question: dict[str, str], told: str
) -> None:
    response = operator_client.post(try_url(draft), question)
    assert response.status_code == 422
    assert told in text(response)
    assert not InferenceCall.objects.exists()


def test_one_try_at_a_time(operator_client: Client, draft: PromptVersion) -> None:
    pk = int(operator_client.session["_auth_user_id"])
    InferenceCall.objects.create(
        task="greet", version=draft, epoch=0, subject=f"{playground.SUBJECT}{pk}", seed=1
    )
    response = operator_client.post(try_url(draft), {"example": "ada"})
    assert response.status_code == 422
    assert "one at a time" in text(response)


def test_a_prompt_whose_task_is_gone_cannot_be_asked(
    operator_client: Client, draft: PromptVersion
) -> None:
    Prompt.objects.update(name="farewell")
    response = operator_client.get(try_url(draft), follow=True)
    assert "no task farewell" in text(response)


def test_who_may_neither_write_nor_evaluate_is_refused(
    client: Client, draft: PromptVersion
) -> None:
    client.force_login(make_user("reader@example.org", is_staff=True))
    assert client.get(try_url(draft)).status_code == 403
    assert client.post(try_url(draft), {"example": "ada"}).status_code == 403
    assert not InferenceCall.objects.exists()


async def test_answers_come_as_they_are_written(
    async_client: AsyncClient, draft: PromptVersion
) -> None:
    operator = await database_sync_to_async(make_operator)()
    await async_client.aforce_login(operator)
    response = await async_client.post(
        try_url(draft), {"example": "ada"}, headers={"Accept": LINES}
    )
    assert isinstance(response, StreamingHttpResponse)
    lines = [json.loads(line) async for line in response]
    words = "".join(line["text"] for line in lines if "text" in line and line["place"] == 0)
    assert "Howdy ada" in words
    assert sorted(line["place"] for line in lines if "html" in line) == [0, 1]


async def test_a_reader_who_leaves_cancels_the_calls(draft: PromptVersion) -> None:
    question = PlaygroundQuestion("greet", Guest(pause_s=0.2))
    events = playground.try_versions([draft], question, operator_pk=1)
    await anext(events)
    await events.aclose()
    outcomes = InferenceCall.objects.values_list("outcome", flat=True)
    assert await database_sync_to_async(list)(outcomes) == [InferenceCall.Outcome.CANCELLED]


@pytest.fixture
def digitizing(db: None, settings: Settings, tmp_path: Path) -> PromptVersion:
    """The built-in eyes, live."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    call_command("load_vocabulary", verbosity=0)
    call_command("load_prompts", verbosity=0)
    return PromptVersion.objects.get(prompt__name="digitize_photo")


def test_a_photo_is_looked_at_and_not_kept(
    operator_client: Client, digitizing: PromptVersion, tmp_path: Path
) -> None:
    photo = SimpleUploadedFile("shirt.jpg", make_image(size=(400, 300), format="JPEG"))
    (tried,) = ask(operator_client, digitizing, photo=photo)
    assert json.loads(tried.output)["garments"]
    assert tried.score is None
    assert not list((tmp_path / "media").rglob("*.*"))


def test_a_file_that_is_no_photo_is_refused(
    operator_client: Client, digitizing: PromptVersion
) -> None:
    photo = SimpleUploadedFile("shirt.jpg", b"not a photo at all")
    response = operator_client.post(try_url(digitizing), {"photo": photo})
    assert response.status_code == 422
    assert response.context["form"].errors["photo"]


def test_a_file_that_is_too_large_is_refused(
    operator_client: Client, digitizing: PromptVersion, settings: Settings
) -> None:
    settings.PHOTO_MAX_BYTES = 1000
    buffer = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(buffer, "PNG")
    photo = SimpleUploadedFile("noise.png", buffer.getvalue())
    response = operator_client.post(try_url(digitizing), {"photo": photo})
    assert "too large" in " ".join(response.context["form"].errors["photo"])


async def test_an_answer_that_has_no_end_is_given_up(
    draft: PromptVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playground, "LIMIT_S", 0.2)
    question = PlaygroundQuestion("greet", Guest(pause_s=1.0))
    events = playground.try_versions([draft], question, operator_pk=1)
    (answered,) = [event async for event in events if isinstance(event, playground.Answered)]
    assert "not done" in answered.error
