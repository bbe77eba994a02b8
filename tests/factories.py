"""Rows for tests: each function makes one, valid as it is, with anything overridden by keyword."""

import hashlib
import io
import itertools
import uuid
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.management import call_command
from PIL import Image

from accounts.models import User
from registry import roles
from registry.models import InferenceCall, Prompt, PromptVersion
from registry.prompts import live_versions
from registry.prompts.authoring import complete_bundle
from registry.services import releases
from registry.services.overrides import record_override
from tests.recalling import recall
from wardrobe.models import Garment, Photo, Wear
from wardrobe.models.garments import GUESS_BELOW
from wardrobe.vocabulary.revisions import published_revision

PASSWORD = "a short sentence is good"

_numbers = itertools.count(1)


def load_vocabulary() -> None:
    """The terms of the fixtures."""
    recall("vocabulary", lambda: call_command("load_vocabulary", verbosity=0))


def load_prompts() -> None:
    """The shipped versions, live as at a first start, of the words that are published."""
    words = published_revision()
    recall(f"prompts of {words}", lambda: call_command("load_prompts", verbosity=0))


def make_user(email: str = "", *, password: str = PASSWORD, **fields: Any) -> User:
    """A wearer; `make_user("alice@example.org")` in tests that have a Charlie."""
    return User.objects.create_user(
        email or f"wearer{next(_numbers)}@example.org", password, **fields
    )


def make_operator(email: str = "operator@example.org", **fields: Any) -> User:
    return User.objects.create_superuser(email, PASSWORD, **fields)


def make_reviewer() -> User:
    """An operator who may review and no more."""
    roles.make_roles()
    reviewer = make_user(is_staff=True)
    reviewer.groups.add(Group.objects.get(name=roles.REVIEWER))
    return reviewer


def make_image(
    *, size: tuple[int, int] = (60, 80), colour: str = "#1f2a44", format: str = "JPEG"
) -> bytes:
    """The bytes of a one-coloured image."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, format)
    return buffer.getvalue()


def make_photo(owner: User | None = None, *, with_image: bool = False, **fields: Any) -> Photo:
    """A photo that is ready; `with_image=True` also stores its two renditions."""
    unique = uuid.uuid4()
    fields.setdefault("sha256", hashlib.sha256(unique.bytes).hexdigest())
    photo = Photo(
        **{
            "owner": owner or make_user(),
            "upload_key": unique,
            "status": Photo.Status.READY,
            "source_format": "jpeg",
            "source_bytes": 48_213,
            **fields,
        }
    )
    if with_image:
        photo.image.save("image.webp", ContentFile(make_image(format="WEBP")), save=False)
        photo.thumbnail.save("thumbnail.webp", ContentFile(make_image(format="WEBP")), save=False)
        photo.width, photo.height = 60, 80
    photo.save()
    return photo


def make_garment(owner: User | None = None, **fields: Any) -> Garment:
    """A navy cotton shirt that is ready to wear. Wears of it were counted before there was a log."""
    garment = Garment.objects.create(
        **{
            "owner": owner or make_user(),
            "status": Garment.Status.READY,
            "name": "Navy shirt",
            "slot": "top",
            "type": "shirt",
            "colours": [{"name": "navy", "hex": "#1f2a44", "share": 1.0}],
            "pattern": "solid",
            "material": "cotton",
            "warmth": "light",
            "layering": "base",
            "seasons": ["spring", "summer", "autumn"],
            "formality": "smart_casual",
            "fit": "regular",
            **fields,
        }
    )
    log_earlier(garment)
    return garment


def log_earlier(garment: Garment) -> None:
    """Entries of the log that its counts follow from."""
    unwashed = min(garment.wears_since_wash, garment.wear_count)
    parts = [(unwashed, False), (garment.wear_count - unwashed, True)]
    for times, is_washed in parts:
        if times:
            garment.wears.create(
                owner=garment.owner,
                source=Wear.Source.EARLIER,
                times=times,
                day=garment.last_worn_on,
                is_washed=is_washed,
            )


def make_version(task: str = "digitize_photo", **bundle: Any) -> PromptVersion:
    """The next version of a task's prompt, answered by the built-in engine. Nothing goes live."""
    prompt, _ = Prompt.objects.get_or_create(name=task)
    number = prompt.versions.count() + 1
    plain = {"system": "", "user": "", "engine": "builtin", "parameters": {}}
    return PromptVersion.objects.create(
        prompt=prompt,
        number=number,
        sha256=hashlib.sha256(f"{task} {number} {bundle}".encode()).hexdigest(),
        bundle=complete_bundle(task, {**plain, **bundle}),
    )


def promote(version: PromptVersion, reason: str = "a test") -> None:
    """Make a version live whether it has passed or not, under an override of nobody's. Those before it may come back
    under another one each."""
    record_override(version=version, actor=None, reason=reason, days=1)
    live = version.prompt.production()
    if live is None or live.version_id != version.pk:
        releases.promote_version(version=version, actor=None, reason=reason)
    for earlier in PromptVersion.objects.once_live(version.prompt):
        record_override(version=earlier, actor=None, reason=reason, days=1)
    live_versions.forget()


def let_every_engine_answer(task: str) -> None:
    """Under an override of nobody's, for as long as the live version of a task stays live."""
    live = Prompt.objects.get(name=task).production()
    assert live is not None
    record_override(version=live.version, actor=None, reason="a test", days=1)
    live_versions.forget()


def make_call(version: PromptVersion | None = None, **fields: Any) -> InferenceCall:
    """An open call of the built-in engine."""
    version = version or make_version()
    return InferenceCall.objects.create(
        **{
            "task": version.prompt.name,
            "version": version,
            "epoch": 1,
            "subject": f"photo:{uuid.uuid4()}",
            "input_sha256": "0" * 64,
            "engine": "builtin",
            **fields,
        }
    )


def make_described_garment(owner: User | None = None, **fields: Any) -> Garment:
    """A garment that a model described: sure of all but its cloth, so it wants a look."""
    described = {
        "confidence": {
            "type": 0.97,
            "colours": 0.93,
            "pattern": 0.9,
            "warmth": 0.7,
            "material": 0.4,
        },
        **fields,
    }
    doubts = [name for name, sure in described["confidence"].items() if sure < GUESS_BELOW]
    return make_garment(
        owner,
        **{
            "status": Garment.Status.NEEDS_REVIEW,
            "doubts": sorted(doubts),
            "call": make_call(),
            **described,
        },
    )
