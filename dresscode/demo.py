"""Somebody to try the product as: a wearer with a wardrobe, and an operator. Embedded mode only."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from registry.services import load_prompts
from styling.places import get_place
from styling.services.profiles import get_profile, set_home
from wardrobe import ingestion, storage
from wardrobe.models import Garment, Photo, User
from wardrobe.rendering.demo import DemoPhoto, read_demo
from wardrobe.services import photos

FOLDER: Path = settings.BASE_DIR / "fixtures" / "demo"
HOME = "Porto, Portugal"
SETTLED_FIELDS = [
    "name", "type", "slot", "colours", "pattern", "material", "warmth", "layering", "seasons",
    "formality", "fit", "water_resistant", "style_tags", "occasions",
]  # fmt: skip


def load_demo_prompts() -> None:
    """An earlier stylist, loaded before the current one, so that a rollback has somewhere to go."""
    load_prompts(directory=FOLDER / "prompts")


def seed_demo() -> int:
    """Make the demo accounts and the demo wardrobe; returns how many photos were added.

    The wearer gets her home last: with one, everything is there and stays as people left it.
    """
    make_operator()
    wearer = make_wearer()
    profile = get_profile(wearer)
    if profile.place:
        return 0
    added = sum(add_demo_photo(wearer, photo) for photo in read_demo(FOLDER / "wardrobe.toml"))
    if place := get_place(HOME):
        set_home(profile, place=place)
    return added


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


def add_demo_photo(wearer: User, demo: DemoPhoto) -> bool:
    """Take a photo through the real ingestion, then settle its garments as their owner would.

    False for a photo that an earlier try has brought in.
    """
    key = uuid5(NAMESPACE_URL, f"demo/{demo.file}")
    file = ContentFile((FOLDER / "photos" / demo.file).read_bytes(), name=demo.file)
    photo, is_new = photos.add_photo(owner=wearer, upload_key=key, file=file)
    if not is_new and not photo.is_working:
        return False
    photos.ingest_photo(photo_id=photo.pk)
    photo.refresh_from_db()
    if demo.is_settled and photo.status == Photo.Status.READY:
        settle_garments(photo, demo)
    return True


@transaction.atomic
def settle_garments(photo: Photo, demo: DemoPhoto) -> None:
    """Put what is true in the place of what was seen."""
    seen = list(photo.garments.all())
    storage.delete_files_on_commit(garment.image.name for garment in seen)
    photo.garments.all().delete()
    garments = [
        make_garment(photo, ordinal, garment.box, garment.attributes)
        for ordinal, garment in enumerate(demo.garments)
    ]
    picture = ingestion.read_picture(storage.read_file(photo.image.name), format=photos.KEPT_FORMAT)
    photos.store_crops(picture, garments)
    Garment.objects.bulk_create(garments)


def make_garment(
    photo: Photo, ordinal: int, box: list[float], attributes: dict[str, Any]
) -> Garment:
    worn = attributes.get("wear_count", 0)
    return Garment(
        owner=photo.owner,
        photo=photo,
        ordinal=ordinal,
        box=box,
        status=Garment.Status.READY,
        edited_fields=SETTLED_FIELDS,
        last_worn_on=timezone.localdate() - timedelta(days=9 + worn % 20),
        **attributes,
    )
