"""Somebody to try the product as: a wearer with a wardrobe, and an operator. Embedded mode only."""

import logging
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from registry.engines import preferred_engine
from registry.evaluation.datasets import import_dataset
from registry.evaluation.gate import NotPassedError
from registry.evaluation.runner import evaluate_version
from registry.models import Prompt, PromptVersion
from registry.services.releases import promote_version
from registry.services.versions import load_prompts
from styling.services.profiles import get_profile, set_home
from styling.weather.places import get_place
from wardrobe.models import Garment, Photo
from wardrobe.photos import ingestion, storage
from wardrobe.services import photos

logger = logging.getLogger(__name__)

STYLIST = "suggest_outfit"
FOLDER: Path = settings.BASE_DIR / "fixtures" / "demo"
HOME = "Porto, Portugal"
HOW_IT_IS_DRAWN = {"drawn"}
SETTLED_FIELDS = [
    "name", "type", "slot", "colours", "pattern", "material", "warmth", "layering", "seasons",
    "formality", "fit", "water_resistant", "style_tags", "occasions",
]  # fmt: skip


def load_demo_prompts() -> None:
    """An earlier stylist, then today's, so that a rollback has somewhere to go.

    Each is evaluated, which takes the built-in stylist some seconds: today's takes its place as any version does, by
    passing, and the earlier one comes back because it had passed. Once only: what is made of its prompt file later waits for whoever made it. With a
    model server there is no earlier stylist, and today's is the first.
    """
    if Prompt.objects.filter(name=STYLIST).exists() or preferred_engine("default") != "builtin":
        return
    load_prompts(directory=FOLDER / "prompts")
    evaluate_stylist()
    load_prompts(directory=settings.BASE_DIR / "fixtures" / "prompts")
    promote_stylist()


def promote_stylist() -> None:
    version = evaluate_stylist()
    try:
        promote_version(
            version=version, actor=None, reason="Passed when this machine first started"
        )
    except NotPassedError as error:
        logger.warning("The earlier stylist stays live: %s", error)


def evaluate_stylist() -> PromptVersion:
    """The newest one, asked every golden scenario."""
    golden = import_dataset(
        task_name=STYLIST,
        directory=settings.BASE_DIR / "fixtures" / "golden" / STYLIST,
        name="golden",
    )
    version = PromptVersion.objects.filter(prompt__name=STYLIST)[0]
    evaluate_version(version=version, dataset_version=golden.version)
    return version


def seed_demo() -> int:
    """Make the demo accounts and the demo wardrobe; returns how many photos were added.

    The wearer gets her home last: with one, everything is there and stays as people left it.
    """
    make_operator()
    wearer = make_wearer()
    profile = get_profile(wearer)
    if profile.place:
        return 0
    added = sum(add_demo_photo(wearer, row) for row in read_wardrobe())
    if place := get_place(HOME):
        set_home(profile, place=place)
    return added


def read_wardrobe() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((FOLDER / "wardrobe.toml").read_text())["photos"]
    return rows


def make_operator() -> User:
    known = User.objects.filter(email=settings.DEMO_OPERATOR).first()
    return known or User.objects.create_superuser(
        settings.DEMO_OPERATOR, settings.DEMO_PASSWORD, first_name="Rui", last_name="Costa"
    )


def make_wearer() -> User:
    known = User.objects.filter(email=settings.DEMO_WEARER).first()
    return known or User.objects.create_user(
        settings.DEMO_WEARER, settings.DEMO_PASSWORD, first_name="Mara", last_name="Alves"
    )


def add_demo_photo(wearer: User, row: dict[str, Any]) -> bool:
    """Take a photo through the real ingestion, then settle its garments as their owner would.

    False for a photo that an earlier try has brought in. A row that says `is_settled = false` stays
    as the built-in engine described it, to be looked at.
    """
    key = uuid5(NAMESPACE_URL, f"demo/{row['file']}")
    file = ContentFile((FOLDER / "photos" / row["file"]).read_bytes(), name=row["file"])
    photo, is_new = photos.add_photo(owner=wearer, upload_key=key, file=file)
    if not is_new and not photo.is_working:
        return False
    photos.ingest_photo(photo_id=photo.pk)
    photo.refresh_from_db()
    if row.get("is_settled", True) and photo.status == Photo.Status.READY:
        settle_garments(photo, row["garments"])
    return True


@transaction.atomic
def settle_garments(photo: Photo, rows: list[dict[str, Any]]) -> None:
    """Put what is true in the place of what was seen."""
    seen = list(photo.garments.all())
    storage.delete_files_on_commit(garment.image.name for garment in seen)
    photo.garments.all().delete()
    garments = [make_garment(photo, ordinal, row) for ordinal, row in enumerate(rows)]
    picture = ingestion.read_picture(
        storage.read_file(photo.image.name), format=ingestion.KEPT_FORMAT
    )
    photos.store_crops(picture, garments)
    Garment.objects.bulk_create(garments)


def make_garment(photo: Photo, ordinal: int, row: dict[str, Any]) -> Garment:
    attributes = {name: value for name, value in row.items() if name not in HOW_IT_IS_DRAWN}
    worn = row.get("wear_count", 0)
    return Garment(
        owner=photo.owner,
        photo=photo,
        ordinal=ordinal,
        status=Garment.Status.READY,
        edited_fields=SETTLED_FIELDS,
        last_worn_on=timezone.localdate() - timedelta(days=9 + worn % 20),
        **{
            "pattern": "solid",
            "fit": "regular",
            **attributes,
            "colours": share_out(row["colours"]),
        },
    )


def share_out(colours: dict[str, str]) -> list[dict[str, Any]]:
    """`Garment.colours`: most of the cloth is its ground, the rest is divided evenly."""
    rest = len(colours) - 1
    shares = [0.7, *[round(0.3 / rest, 2)] * rest] if rest else [1.0]
    return [
        {"name": name, "hex": colour, "share": share}
        for (name, colour), share in zip(colours.items(), shares, strict=True)
    ]
