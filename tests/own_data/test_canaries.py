"""A word that a wearer wrote everywhere they can is found nowhere once their account is gone: not in the database, not on
the disk, not in Redis, not in the log."""

import io
import logging
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import User
from dresscode.own_data import jobs, transfers
from dresscode.own_data.models import Deletion, Transfer
from registry.models import (
    CollectedExample,
    EvaluationRun,
    Example,
    ExampleResult,
    InferenceCall,
)
from registry.services.examples import collect_example, offer_datasets, publish_examples
from registry.tasks import ExampleSource
from styling.models import Suggestion
from styling.streaming.transcript import Log, get_redis
from tests.factories import PASSWORD, make_call, make_operator, make_user
from tests.own_data.dumps import dump_disk, dump_redis, dump_tables, find
from tests.own_data.wearers import close_call, export, make_wearer
from wardrobe.models import Photo

pytestmark = pytest.mark.django_db(transaction=True)

CANARY, BYSTANDER = "Xanary", "Bystander"
NOT_WRITTEN = {
    "deletions.email": "is the account's",
    "photos.incoming": "a name of ours",
    "photos.image": "a name of ours",
    "photos.thumbnail": "a name of ours",
    "photos.failure": "a sentence of ours",
    "garments.image": "a name of ours",
    "garments.cut_out": "a name of ours",
    "suggestions.failure": "a sentence of ours",
    "suggestions.picture": "a name of ours",
    "looks.picture": "a name of ours",
    "shared_pictures.file": "a name of ours",
    "shared_pictures.token": "made by chance",
    "transfers.file": "a name of ours",
    "transfers.failure": "a sentence of ours",
    "api_tokens.name": "operators alone have tokens, and their accounts stay",
    "preference_signals.about": "the label of an occasion",
    "profile.time_zone": "chosen from a list",
    "profile.currency": "a code of three letters",
    "garments.currency": "a code of three letters",
    "events.time_zone": "chosen from a list",
    "callrequest.system": "the prompt's own words",
    "subscriptions.failure": "a code of ours",
    "calendar_occasions.key": "a digest",
    "push_subscriptions.p256dh": "a key of a browser",
    "push_subscriptions.auth": "a key of a browser",
}
"""Columns of wearers' rows that hold text and no word of theirs, with what they hold."""


def list_text_columns() -> dict[str, tuple[type[models.Model], str]]:
    """Free text in rows that are a wearer's, by the name of the relation and the column."""
    found = {"user.first_name": (User, "first_name"), "user.email": (User, "email")}
    for relation in User._meta.related_objects:
        if relation.on_delete is not models.CASCADE or relation.related_model is LogEntry:
            continue
        name = relation.get_accessor_name() or relation.related_model._meta.model_name
        for column in relation.related_model._meta.fields:
            is_text = isinstance(column, (models.CharField, models.TextField, models.FileField))
            is_coded = isinstance(column, models.SlugField) or bool(column.choices)
            if is_text and not is_coded and not is_digest(column):
                found[f"{name}.{column.name}"] = (relation.related_model, column.name)
    return found


def is_digest(column: Any) -> bool:
    """Hashes, ids, formats and codes: no words."""
    coded = ("sha256", "perceptual_hash", "traceparent", "source_format", "failure_code")
    coded += ("engine", "extractor", "field", "no_forecast", "interrupt", "format", "refusal")
    coded += ("colour_profile", "camera", "verdict", "kind")
    return any(column.name.endswith(name) for name in coded)


def test_every_column_that_a_wearer_can_write_into_has_the_canary(words: None) -> None:
    """A new column either gets the canary of `make_wearer`, or a reason why nobody writes into it."""
    make_wearer(f"{CANARY}@example.org", word=CANARY)
    missing = [
        name
        for name, (model, column) in list_text_columns().items()
        if name not in NOT_WRITTEN
        and not model._default_manager.filter(**{f"{column}__icontains": CANARY}).exists()
    ]
    assert missing == []


def publish_question(owner: User) -> None:
    """A golden example of a question of theirs, in use, and what a version answered to it."""
    suggestion = owner.suggestions.first()
    assert suggestion and suggestion.call
    (dataset,) = offer_datasets(suggestion.call.version.prompt)
    source = ExampleSource(
        f"call-{suggestion.call.pk.hex[:10]}",
        {"wearer": {"likes": f"{CANARY} likes"}, "event": {"note": f"{CANARY} note", "kind": "casual"}},
        {"clo": [0.5, 1.0]},
        ("production",),
    )  # fmt: skip
    collect_example(
        dataset=dataset, source=source, fingerprint="0" * 16, call=suggestion.call, owner=owner, author=None
    )  # fmt: skip
    version = publish_examples(dataset=dataset, author=None)
    run = EvaluationRun.objects.create(
        version=suggestion.call.version, dataset_version=version, engine="builtin"
    )
    example = version.examples.get()
    call = make_call(suggestion.call.version, subject=f"example:{example.pk}")
    close_call(call, {"prose": f"{CANARY} said", "pieces": []})
    ExampleResult.objects.create(
        run=run,
        example=example,
        call=call,
        output={"prose": f"{CANARY} said", "pieces": []},
        violations=[{"code": "x", "message": f"{CANARY} quoted"}],
        fields=[{"name": "unsaid", "subject": "", "correct": True, "expected": "", "found": f"{CANARY} said"}],
        correct=1,
        total=1,
    )  # fmt: skip


def upload_photo(page: Client) -> None:
    """Through the door, with the word in its EXIF and its name; it waits in the queue."""
    exif = Image.Exif()
    exif[0x010E] = f"{CANARY} described"
    buffer = io.BytesIO()
    Image.effect_noise((300, 400), 30).convert("RGB").save(buffer, "JPEG", exif=exif)
    file = SimpleUploadedFile(f"{CANARY}.jpg", buffer.getvalue(), "image/jpeg")
    answer = page.post("/photos/add/", {"photos": file, "upload_key": str(uuid4())})
    assert Photo.objects.filter(status="received").exists(), answer.text[:2000]


def stream_answer(suggestion: Suggestion) -> None:
    async def write() -> None:
        log = Log(suggestion.pk, attempt=1)
        await log.write([{"seq": 1, "type": "delta", "text": f"{CANARY} streamed"}])
        await get_redis().aclose()

    async_to_sync(write)()


def write_everywhere(client: Client) -> User:
    """The word wherever a wearer, or the product for them, can put it."""
    owner = make_wearer(f"{CANARY}@example.org", word=CANARY)
    publish_question(owner)
    client.post("/accounts/login/", {"username": owner.email, "password": "wrong"})
    LogEntry.objects.create(
        user=make_operator(),
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(owner.pk),
        object_repr=str(owner),
        action_flag=CHANGE,
        change_message=f"{CANARY} changed",
    )
    page = Client()
    page.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    upload_photo(page)
    stream_answer(owner.suggestions.first())
    session = page.session
    session["typed"] = f"{CANARY} typed"
    session.save()
    transfers.work_on(transfers.request_export(owner).pk, seconds=60)
    data = export(owner)
    page.post("/you/data/import/", {"file": SimpleUploadedFile("mine.zip", data)})
    assert Transfer.objects.filter(owner=owner, status="reading").exists()
    return owner


def summarize_calls() -> list[tuple[Any, ...]]:
    """All that figures are counted from."""
    columns = (
        "pk",
        "task",
        "version",
        "engine",
        "outcome",
        "error_code",
        "latency_ms",
        "finished_at",
    )
    calls = InferenceCall.objects.order_by("pk")
    codes = [[found["code"] for found in call.violations] for call in calls]
    return [*calls.values_list(*columns), tuple(map(tuple, codes))]


@pytest.mark.parametrize("by", ["owner", "superuser"])
def test_nothing_is_left_of_a_wearer(
    words: None, client: Client, caplog: pytest.LogCaptureFixture, by: str
) -> None:
    caplog.set_level(logging.DEBUG)
    bob = make_wearer("bob@example.org", word=BYSTANDER)
    files = {*dump_disk()}
    before = {place: text.count(BYSTANDER) for place, text in dump_tables().items()}
    owner = write_everywhere(client)
    places = {place.split(" ")[0] for place in find(CANARY)}
    assert {"registry_inferencecall", "registry_callrequest", "registry_example", "sessions,", "redis", "file", "axes_accessattempt"} <= places  # fmt: skip
    calls = summarize_calls()
    leave(owner, client, by)
    assert find(CANARY) == []
    assert {*dump_disk()} == files | {name for name in dump_disk() if name.startswith("datasets/")}
    assert CANARY.casefold() not in caplog.text.casefold()
    assert not any(str(key) in text for text in dump_redis().values() for key in [owner.pk] if ":outfit:" in text)  # fmt: skip
    assert summarize_calls() == calls
    after = {place: text.count(BYSTANDER) for place, text in dump_tables().items()}
    assert after == before
    assert User.objects.filter(pk=bob.pk).exists()
    example = Example.objects.get()
    assert example.input == {"wearer": {"likes": ""}, "event": {"note": "", "kind": "casual"}}
    assert CollectedExample.objects.withdrawn().count() == 1


def leave(owner: User, client: Client, by: str) -> None:
    """Through the pages, to the end."""
    if by == "owner":
        page = Client()
        page.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
        page.post("/you/delete/", {"password": PASSWORD})
        Deletion.objects.update(due_at=timezone.now())
    else:
        admin = Client()
        admin.force_login(make_user("root@example.org", is_staff=True, is_superuser=True))
        admin.post(f"/admin/accounts/user/{owner.pk}/delete/", {"email": owner.email})
    assert jobs.carry_out_deletions_job() == 1
