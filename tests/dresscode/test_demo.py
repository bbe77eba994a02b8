"""What a machine starts with when it is tried out."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from dresscode.local import demo
from feedback.models import ReviewItem
from registry.models import Deployment, Prompt, PromptVersion
from tests.styling.conftest import forget_everything
from wardrobe.models import Garment, Photo
from wardrobe.services import leases, photos, processing

pytestmark = pytest.mark.django_db(transaction=True)

FEW = ["rain.toml", "summer.toml", "thresholds.toml", "wardrobes.toml"]


@pytest.fixture
def few_scenarios(settings: Settings, tmp_path: Path) -> None:
    """The fixtures with a part of the stylist's suite."""
    base, fixtures = Path(settings.BASE_DIR), tmp_path / "fixtures"
    fixtures.mkdir()
    for path in (base / "fixtures").iterdir():
        if path.name != "golden":
            (fixtures / path.name).symlink_to(path)
    suite, whole = fixtures / "golden" / demo.STYLIST, base / "fixtures" / "golden" / demo.STYLIST
    suite.mkdir(parents=True)
    for name in FEW:
        (suite / name).symlink_to(whole / name)
    call_command("load_vocabulary", verbosity=0)
    forget_everything()
    settings.BASE_DIR = tmp_path
    settings.MEDIA_ROOT = str(tmp_path / "media")


def list_moves() -> list[tuple[str, int, bool]]:
    moves = Deployment.objects.filter(prompt__name=demo.STYLIST).order_by("epoch")
    return [(move.kind, move.to_version.number, bool(move.evaluation)) for move in moves]


def start() -> None:
    """What a start does about the stylist: before the product is open, and beside it."""
    demo.load_demo_prompts()
    demo.promote_stylist()


def test_todays_stylist_passes_its_evaluation_at_the_first_start(few_scenarios: None) -> None:
    start()
    assert list_moves() == [("initial", 1, False), ("promote", 2, True)]
    assert [version.number for version in PromptVersion.objects.passed_when_live()] == [1]


def test_an_earlier_stylist_answers_until_then(few_scenarios: None) -> None:
    demo.load_demo_prompts()
    assert list_moves() == [("initial", 1, False)]


def test_a_second_start_moves_nothing(few_scenarios: None) -> None:
    start()
    start()
    assert len(list_moves()) == 2


def test_with_a_model_server_todays_stylist_is_the_first(
    few_scenarios: None, settings: Settings
) -> None:
    options = {"OPTIONS": {"engines": ["vllm", "builtin"]}}
    settings.INFERENCE_ENGINES = {
        **settings.INFERENCE_ENGINES,
        "default": {**settings.INFERENCE_ENGINES["default"], **options},
    }
    start()
    assert not Prompt.objects.exists()


# Filling


@pytest.fixture
def two_photos(monkeypatch: pytest.MonkeyPatch, few_scenarios: None) -> None:
    """A demo of two photos, whose stylist is not evaluated."""
    rows = {"wardrobe.toml": demo.read_wardrobe()[:2], "housemate.toml": []}
    monkeypatch.setattr(demo, "read_wardrobe", lambda name="wardrobe.toml": rows[name])
    monkeypatch.setattr(demo, "promote_stylist", lambda: None)
    call_command("load_prompts", verbosity=0)


def list_names() -> list[str]:
    return sorted(Garment.objects.values_list("name", flat=True))


SETTLED = ["Breton longsleeve", "White crew-neck tee"]


def test_filling_ends_with_the_wearers_home(two_photos: None) -> None:
    said: list[str] = []
    demo.fill_demo(said.append)
    assert demo.is_filled()
    assert list_names() == SETTLED
    assert said[0] == "2 photos are being looked at."
    details = Photo.objects.exclude(view_of=None)
    assert details.count() == 2 and {*details.values_list("status", flat=True)} == {"view"}


def test_what_the_wearer_corrected_waits_for_a_reviewer(two_photos: None) -> None:
    demo.fill_demo(str)
    (waiting,) = ReviewItem.objects.waiting().filter(reason=ReviewItem.Reason.CORRECTION)
    assert waiting.garment and waiting.garment.name == "Breton longsleeve"
    assert waiting.garment.call and waiting.garment.call.engine == "builtin"


def test_a_filler_that_was_killed_goes_on(two_photos: None, monkeypatch: Any) -> None:
    settle = demo.settle_garments
    monkeypatch.setattr(demo, "settle_garments", fail_to_settle)
    with pytest.raises(KeyboardInterrupt):
        demo.fill_demo(str)
    monkeypatch.setattr(demo, "settle_garments", settle)
    demo.fill_demo(str)
    assert list_names() == SETTLED


def fail_to_settle(*arguments: object) -> None:
    raise KeyboardInterrupt


def test_a_photo_that_a_worker_took_is_settled_once_it_is_there(two_photos: None) -> None:
    wearer, row = demo.make_accounts(), demo.read_wardrobe()[0]
    photo = demo.add_demo_photo(wearer, row)
    claimed = leases.claim_photo(photo.pk)
    assert claimed
    assert not demo.finish_demo_photo(photo.pk, row)
    leases.release_photo(claimed, code="")
    Photo.objects.update(leased_until=None)
    assert demo.finish_demo_photo(photo.pk, row)
    assert list_names() == ["White crew-neck tee"]


def test_what_the_wearer_did_meanwhile_stays(two_photos: None) -> None:
    rows = demo.read_wardrobe()
    edited, deleted = (demo.add_demo_photo(demo.make_accounts(), row) for row in rows)
    processing.process_photo(photo_id=edited.pk)
    Garment.objects.update(name="Mine", edited_fields=["name"])
    photos.delete_photo(deleted)
    demo.look_at_photos({edited.pk: rows[0], deleted.pk: rows[1]})
    assert list_names() == ["Mine"]


def test_a_full_demo_stays_as_people_left_it(two_photos: None) -> None:
    demo.fill_demo(str)
    Photo.objects.all().delete()
    demo.fill_demo(str)
    assert not Photo.objects.exists()
