"""Where the pieces of an outfit lie, and the picture that is composed of them."""

import io
from pathlib import Path

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django.fixtures import Settings

from accounts.models import User
from dresscode.settings import BASE_DIR
from styling import jobs
from styling.flatlay import recipes
from styling.flatlay.composition import MOST_BYTES, SIDE, LaidPicture, compose
from styling.flatlay.recipes import Lying, find_boxes, name_places
from styling.models import Suggestion
from styling.services import pictures
from tests.styling.test_outfit_page import finish
from wardrobe.models import Garment
from wardrobe.photos import ingestion, storage

TOP, SWEATER, DRESS = Lying("top"), Lying("top", "mid"), Lying("dress")
BOTTOM, SHOES, HAT = Lying("bottom"), Lying("shoes"), Lying("hat")
COAT, BLAZER = Lying("outerwear", "outer"), Lying("outerwear", "mid")
SCARF, BAG, SOCKS = Lying("accessory"), Lying("bag"), Lying("socks")


@pytest.mark.parametrize(
    ("pieces", "places"),
    [
        ([TOP, BOTTOM, SHOES], "top bottom shoes"),
        ([COAT, TOP, BOTTOM, SHOES, SCARF], "outer top bottom shoes accessory"),
        ([BLAZER, TOP, BOTTOM, SHOES], "outer top bottom shoes"),
        ([COAT, BLAZER, TOP, BOTTOM, SHOES], "outer mid top bottom shoes"),
        ([COAT, BLAZER, SWEATER, TOP, BOTTOM, SHOES, SCARF], "outer over mid top bottom shoes accessory"),
        ([SWEATER, BOTTOM, SHOES], "top bottom shoes"),
        ([SWEATER, TOP, BOTTOM, SHOES, HAT, SCARF], "mid top bottom shoes hat accessory"),
        ([DRESS, SWEATER, SHOES, BAG], "dress mid shoes accessory"),
        ([DRESS, COAT, SHOES, SCARF, BAG], "dress outer shoes accessory hat"),
        ([TOP, BOTTOM, SHOES, SOCKS, BAG, SCARF], "top bottom shoes - hat accessory"),
    ],
)  # fmt: skip
def test_each_piece_has_its_place(pieces: list[Lying], places: str) -> None:
    assert [place or "-" for place in name_places(pieces)] == places.split()


def test_the_stylesheet_has_these_boxes_and_no_others() -> None:
    css = Path(BASE_DIR, "static", "dresscode.css").read_text()
    rules = [line.strip() for line in css.splitlines() if line.strip().startswith(".flatlay")]
    laid = [rule for rule in rules if "[data-slot=" in rule]
    assert laid == recipes.write_css()


def test_later_recipes_weigh_more_where_they_must_win() -> None:
    weights = [len(needed) for needed, _ in recipes.RECIPES]
    assert weights == sorted(weights)


def test_no_box_leaves_the_ground() -> None:
    for _, recipe in recipes.RECIPES:
        for box in recipe.values():
            assert box.left >= 0 and box.left + box.width <= 100
            assert box.top >= 0 and box.top + box.height <= 100


def paint(colour: str, size: tuple[int, int] = (50, 50)) -> Image.Image:
    return Image.new("RGBA", size, colour)


def test_the_picture_has_each_piece_in_its_box() -> None:
    colours = {"outer": (255, 0, 0), "top": (0, 255, 0), "bottom": (0, 0, 255), "shoes": (9, 9, 9)}
    laid = [
        LaidPicture(place, Image.new("RGBA", (40, 40), colour)) for place, colour in colours.items()
    ]
    pixels = np.asarray(compose(laid))
    assert pixels.shape == (SIDE, SIDE, 4) and pixels[0, 0, 3] == 0
    for place, box in find_boxes(colours).items():
        middle = [round((s + half / 2) * SIDE / 100) for s, half in ((box.top, box.height), (box.left, box.width))]  # fmt: skip
        assert tuple(pixels[middle[0], middle[1], :3]) == colours[place], place


def test_a_print_fills_its_box_and_a_cut_out_keeps_its_shape() -> None:
    tall = paint("red", (10, 100))
    cut = np.asarray(compose([LaidPicture("top", tall)]))[..., 3] > 0
    print_ = np.asarray(compose([LaidPicture("top", tall, is_print=True)]))[..., 3] > 0
    box = find_boxes(["top"])["top"]
    assert print_.sum() == pytest.approx(box.width * box.height * (SIDE / 100) ** 2, rel=0.02)
    assert cut.sum() == pytest.approx(print_.sum() / 10, rel=0.05)


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def pictured(media: None, suggestion: Suggestion, clothes: list[Garment]) -> Suggestion:
    """A finished answer whose pieces have cut-outs, as loud as can be."""
    noise = np.random.default_rng(1)
    for garment in clothes:
        pixels = noise.integers(0, 255, (480, 400, 4), np.uint8)
        data = ingestion.encode_cut_out(Image.fromarray(pixels, "RGBA"))
        garment.cut_out.name = storage.save_rendition(f"garments/{garment.pk}", "cut", data)
        garment.cut_out_size = [400, 480]
        garment.save()
    return finish(suggestion, clothes)


@pytest.mark.django_db
def test_the_job_composes_an_outfit_once(pictured: Suggestion) -> None:
    assert jobs.picture_outfits_job() == 1
    pictured.refresh_from_db()
    data = storage.read_file(pictured.picture.name)
    assert len(data) <= MOST_BYTES
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.mode == "RGBA" and max(picture.size) <= SIDE
    assert jobs.picture_outfits_job() == 0
    assert not jobs.picture_outfit_job("suggestion", str(pictured.pk))


@pytest.mark.django_db
def test_a_picture_follows_its_pieces(pictured: Suggestion, clothes: list[Garment]) -> None:
    jobs.picture_outfits_job()
    pictured.refresh_from_db()
    before = pictured.picture.name
    assert not pictures.is_stale(pictured)
    Garment.objects.filter(pk=clothes[0].pk).update(cut_out_refused=True)
    assert pictures.is_stale(pictured)
    assert jobs.picture_outfit_job("suggestion", str(pictured.pk))
    pictured.refresh_from_db()
    assert pictured.picture.name != before
    assert not default_storage.exists(before)


@pytest.mark.django_db
def test_an_answer_that_ends_queues_its_picture(
    suggestion: Suggestion, clothes: list[Garment], monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: object,
) -> None:  # fmt: skip
    queued: list[tuple[str, object]] = []
    monkeypatch.setattr(pictures, "push_picture", lambda kind, pk: queued.append((kind, pk)))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        finish(suggestion, clothes)
    assert queued == [("suggestion", suggestion.pk)]


@pytest.mark.django_db
def test_only_its_owner_sees_the_picture_of_an_outfit(
    pictured: Suggestion, alice: User, charlie: User
) -> None:
    jobs.picture_outfits_job()
    address = reverse("styling:look-media", args=[pictured.pk])
    told = []
    for user in (alice, charlie, None):
        client = Client()
        if user:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        told.append(client.get(address).status_code)
    assert told == [200, 404, 404]


@pytest.mark.django_db
def test_the_sweep_deletes_pictures_that_no_outfit_names(
    pictured: Suggestion, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.picture_outfits_job()
    pictured.refresh_from_db()
    stray = storage.save_file(f"looks/{pictured.owner_id}/{pictured.pk}/look-1.webp", b"x")
    monkeypatch.setattr("wardrobe.photos.storage.is_older", lambda name, age: True)
    assert jobs.delete_orphan_pictures_job() == 1
    assert default_storage.exists(pictured.picture.name) and not default_storage.exists(stray)
