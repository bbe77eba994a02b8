"""Somebody to try the product as: a wearer with a wardrobe, and an operator. Embedded mode only."""

import logging
import time
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from dresscode.local.demo_calendar import subscribe_calendar
from dresscode.local.demo_diary import keep_diary, photograph_details, share_an_outfit
from dresscode.local.demo_history import DAYS, make_history
from dresscode.local.demo_household import make_housemate, share_household
from dresscode.local.demo_trips import plan_trips, tell_prices
from feedback.review.filling import fill_queue
from feedback.services.consents import give_consent
from registry.engines import preferred_engine
from registry.evaluation.datasets import import_dataset
from registry.evaluation.gate import NotPassedError
from registry.evaluation.runner import evaluate_version
from registry.models import Deployment, EvaluationRun, Prompt, PromptVersion
from registry.services.releases import promote_version
from registry.services.versions import load_prompts
from styling.services.profiles import get_profile, set_home
from styling.weather.places import get_place
from wardrobe.models import Garment, Photo, Wear
from wardrobe.photos import ingestion, storage
from wardrobe.services import photos, pictures, processing

logger = logging.getLogger(__name__)

STYLIST = "suggest_outfit"
FOLDER: Path = settings.BASE_DIR / "fixtures" / "demo"
HOME = "Porto, Portugal"
POLL_S = 0.5
HOW_IT_IS_DRAWN = {"drawn"}
SETTLED_FIELDS = [
    "name", "type", "slot", "colours", "pattern", "material", "warmth", "layering", "seasons",
    "formality", "fit", "sleeve", "length", "water_resistant", "style_tags", "occasions",
]  # fmt: skip


def load_demo_prompts() -> bool:
    """An earlier stylist, which goes live, then today's, so that a rollback has somewhere to go.

    Once only, else False: what is made of its prompt file later waits for whoever made it. With a model server
    there is no earlier stylist, and today's is the first.
    """
    if Prompt.objects.filter(name=STYLIST).exists() or preferred_engine("default") != "builtin":
        return False
    load_prompts(directory=FOLDER / "prompts")
    load_prompts(directory=settings.BASE_DIR / "fixtures" / "prompts")
    return True


def promote_stylist() -> None:
    """Today's stylist takes its place as any version does, by passing its evaluation: seconds of a core.

    The earlier one is evaluated before it, so that it may come back as one that had passed. Does nothing where
    another one was ever promoted, or where it was tried before.
    """
    version = PromptVersion.objects.filter(prompt__name=STYLIST).first()
    moves = Deployment.objects.filter(prompt__name=STYLIST)
    is_live = moves.filter(to_version=version).exists()
    if version is None or is_live or moves.count() > 1 or was_evaluated(version):
        return
    evaluate_stylists()
    try:
        promote_version(
            version=version, actor=None, reason="Passed when this machine first started"
        )
    except NotPassedError as error:
        logger.warning("The earlier stylist stays live: %s", error)


def evaluate_stylists() -> None:
    """Every version of it that has not been asked the golden scenarios, the oldest first."""
    golden = import_dataset(
        task_name=STYLIST,
        directory=settings.BASE_DIR / "fixtures" / "golden" / STYLIST,
        name="golden",
    )
    for version in PromptVersion.objects.filter(prompt__name=STYLIST).order_by("number"):
        if not was_evaluated(version):
            evaluate_version(version=version, dataset_version=golden.version)


def was_evaluated(version: PromptVersion) -> bool:
    return version.evaluations.filter(ending=EvaluationRun.Ending.COMPLETED).exists()


def make_accounts() -> User:
    """The demo operator and the demo wearer, who is returned."""
    make_operator()
    return make_wearer()


def is_filled() -> bool:
    """The wearer gets her home last: with one, everything is there and stays as people left it."""
    return bool(get_profile(make_accounts()).place)


def fill_demo(say: Callable[[str], None]) -> None:
    """The demo wardrobe and the promotion of today's stylist: half a minute of a core, once.

    Runs beside the open product. Photos are shown at once, as being looked at; workers that are free take some
    of them. Killed in between, it goes on where it was.
    """
    if is_filled():
        return
    wearer = make_accounts()
    housemate = make_housemate()
    rows = {add_demo_photo(wearer, row).pk: row for row in read_wardrobe()}
    rows |= {add_demo_photo(housemate, row).pk: row for row in read_wardrobe("housemate.toml")}
    say(f"{len(rows)} photos are being looked at.")
    look_at_photos(rows)
    say("The wardrobe is there. Today's stylist is being evaluated.")
    promote_stylist()
    profile, place = get_profile(wearer), get_place(HOME)
    if place and not profile.place:
        make_history(wearer, place)
        give_consent(wearer)
        fill_queue()
        keep_diary(wearer)
        photograph_details(wearer)
        share_an_outfit(wearer)
        tell_prices(wearer)
        plan_trips(wearer)
        subscribe_calendar(wearer)
        share_household(wearer, housemate)
        set_home(profile, place=place)
    say("Complete.")


def read_wardrobe(name: str = "wardrobe.toml") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((FOLDER / name).read_text())["photos"]
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


def add_demo_photo(wearer: User, row: dict[str, Any]) -> Photo:
    """Add the photo as an upload of the wearer's, or find the one that an earlier start has added."""
    key = uuid5(NAMESPACE_URL, f"demo/{row['file']}")
    file = ContentFile((FOLDER / "photos" / row["file"]).read_bytes(), name=row["file"])
    return photos.add_photo(owner=wearer, upload_key=key, file=file).photo


def look_at_photos(rows: dict[UUID, dict[str, Any]]) -> None:
    """Take them through the real ingestion, in their order, until none is worked on any more.

    A photo that a worker holds is come back to.
    """
    waiting = dict(rows)
    while waiting:
        for pk, row in rows.items():
            if pk in waiting and finish_demo_photo(pk, row):
                del waiting[pk]
        if waiting:
            time.sleep(POLL_S)


def finish_demo_photo(pk: UUID, row: dict[str, Any]) -> bool:
    """Ingest the photo, unless somebody does, and settle its garments as their owner would.

    False while it is worked on. A row that says `is_settled = false` stays as the built-in engine described it,
    to be looked at; so does what the wearer has changed or deleted meanwhile.
    """
    processing.process_photo(photo_id=pk)
    photo = Photo.objects.filter(pk=pk).first()
    if photo is None or photo.status != Photo.Status.READY:
        return photo is None or not photo.is_working
    if row.get("is_settled", True) and not photo.garments.exclude(edited_fields=[]).exists():
        settle_garments(photo, row["garments"])
    return True


@transaction.atomic
def settle_garments(photo: Photo, rows: list[dict[str, Any]]) -> None:
    """Put what is true in the place of what was seen."""
    seen = list(photo.garments.all())
    storage.delete_files_on_commit(name for garment in seen for name in garment.picture_names)
    photo.garments.all().delete()
    garments = [make_garment(photo, ordinal, row) for ordinal, row in enumerate(rows)]
    picture = ingestion.read_picture(
        storage.read_file(photo.image.name), format=ingestion.KEPT_FORMAT
    )
    pictures.draw_garments(picture, garments)
    Garment.objects.bulk_create(garments)
    Wear.objects.bulk_create(make_earlier_wear(garment) for garment in garments)


def make_garment(photo: Photo, ordinal: int, row: dict[str, Any]) -> Garment:
    attributes = {name: value for name, value in row.items() if name not in HOW_IT_IS_DRAWN}
    worn = row.get("wear_count", 0)
    return Garment(
        owner=photo.owner,
        photo=photo,
        ordinal=ordinal,
        status=Garment.Status.READY,
        edited_fields=SETTLED_FIELDS,
        last_worn_on=timezone.localdate() - timedelta(days=DAYS + 9 + worn % 20),
        **{
            "pattern": "solid",
            "fit": "regular",
            **attributes,
            "colours": share_out(row["colours"]),
        },
    )


def make_earlier_wear(garment: Garment) -> Wear:
    """What she wore before she had the product."""
    return Wear(
        owner=garment.owner,
        garment=garment,
        source=Wear.Source.EARLIER,
        times=garment.wear_count,
        day=garment.last_worn_on,
        is_washed=True,
    )


def share_out(colours: dict[str, str]) -> list[dict[str, Any]]:
    """`Garment.colours`: most of the cloth is its ground, the rest is divided evenly."""
    rest = len(colours) - 1
    shares = [0.7, *[round(0.3 / rest, 2)] * rest] if rest else [1.0]
    return [
        {"name": name, "hex": colour, "share": share}
        for (name, colour), share in zip(colours.items(), shares, strict=True)
    ]
