"""Sweeps that go through what grows with the site a part at a time: bounded in each run, and nothing is missed."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.factories import make_photo
from wardrobe import jobs
from wardrobe.models import Photo, PhotoEmbedding
from wardrobe.photos import storage
from wardrobe.services import rounds, strays, sweeps
from wardrobe.services.rounds import go_on


def list_letters(letters: str, place: str) -> Iterator[tuple[str, str]]:
    yield from ((one, one) for one in sorted(letters) if one > place)


def run(letters: str, *, most_s: float = 0.0) -> list[str]:
    return list(go_on("letters", lambda place: list_letters(letters, place), most_s=most_s))


@pytest.fixture
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "ROWS", 2)


@pytest.fixture
def media(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(storage, "is_older", lambda name, age: True)
    return tmp_path


@pytest.mark.django_db
def test_each_run_goes_on_where_the_last_one_stopped_and_begins_anew_behind_the_end() -> None:
    assert [run("abc") for _ in range(5)] == [["a"], ["b"], ["c"], ["a"], ["b"]]


@pytest.mark.django_db
def test_a_run_with_time_for_all_is_a_whole_round() -> None:
    assert run("abc", most_s=60) == run("abc", most_s=60) == ["a", "b", "c"]


@pytest.mark.django_db
def test_with_time_for_all_nothing_is_left_out_wherever_the_last_run_stopped() -> None:
    assert run("abc") == ["a"]
    assert run("abc", most_s=60) == ["b", "c", "a", "b", "c"]


@pytest.mark.django_db
def test_what_comes_and_goes_between_runs_keeps_nothing_else_from_being_looked_at() -> None:
    assert run("bcde") == ["b"]
    assert run("ade") == ["d"], "c went, as did the place itself; a came behind it"
    assert run("ade") == ["e"]
    assert run("ade") == ["a"], "the next round"


@pytest.mark.django_db
def test_a_place_that_is_lost_begins_the_round_anew() -> None:
    assert [run("abc"), run("abc")] == [["a"], ["b"]]
    cache.clear()
    assert [run("abc"), run("abc"), run("abc")] == [["a"], ["b"], ["c"]]


@pytest.mark.django_db
def test_a_part_that_ends_every_run_is_left_to_the_next_round(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[str] = []

    def fail_at_b() -> None:
        for part in go_on("letters", lambda place: list_letters("abc", place), most_s=60):
            if part == "b":
                raise OSError
            done.append(part)

    for _ in range(rounds.TRIES):
        with pytest.raises(OSError):
            fail_at_b()
    assert done == ["a"]
    with caplog.at_level(logging.ERROR), pytest.raises(OSError):
        fail_at_b()
    assert done == ["a", "c", "a"], "b is come to again in the next round"
    assert "between 'a' and 'b' is left out" in caplog.text


@pytest.mark.django_db
@pytest.mark.usefixtures("few_rows")
def test_ranges_of_keys_hold_each_row_once(alice: User) -> None:
    keys = sorted(make_photo(alice).pk for _ in range(5))
    ranges = [*rounds.list_ranges(Photo.objects.all(), "")]
    assert ranges == [(keys[0], keys[1]), (keys[2], keys[3]), (keys[4], keys[4])]
    assert [*rounds.list_ranges(Photo.objects.all(), str(keys[3]))] == ranges[2:]
    found = [one.pk for part in ranges for one in rounds.within(Photo.objects.all(), part)]
    assert found == keys


@pytest.mark.django_db
@pytest.mark.usefixtures("few_rows", "media")
def test_photos_that_lost_a_file_are_found_in_parts(alice: User) -> None:
    lost = {make_photo(alice, image=f"photos/{alice.pk}/{n}/image.webp").pk for n in range(5)}
    found = [sweeps.find_incomplete_photos(most_s=0) for _ in range(4)]
    assert [len(part) for part in found] == [2, 2, 1, 2]
    assert {photo.pk for part in found for photo in part} == lost


@pytest.mark.django_db
def test_files_without_a_row_are_deleted_wearer_by_wearer(
    alice: User, charlie: User, media: Path
) -> None:
    named = make_photo(alice, image=f"photos/{alice.pk}/1/image.webp").image.name
    left = {f"photos/{owner.pk}/{n}/image.webp" for owner in (alice, charlie) for n in (2, 3)}
    left |= {"photos/below-nobody.webp", f"incoming/{alice.pk}/4", "garments/somebody/5/crop.webp"}
    for name in {named, *left}:
        default_storage.save(name, ContentFile(b"x"))
    runs = []
    while default_storage.exists(named) and (not runs or runs[-1]):
        runs.append(sweeps.sweep_orphans(most_s=0))
    assert runs == [1, 1, 1, 2, 2, 0], "garments, incoming, photos, alice's, charlie's, anew"
    kept = {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}
    assert kept == {named}


@pytest.mark.django_db
def test_a_file_that_is_named_while_its_wearer_is_looked_at_stays(
    alice: User, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upload whose row comes behind the look at the wearer's rows."""
    name = default_storage.save(f"photos/{alice.pk}/1/image.webp", ContentFile(b"x"))
    listed = storage.list_files

    def write_row_first(folder: str) -> Iterator[str]:
        make_photo(alice, image=name)
        yield from listed(folder)

    monkeypatch.setattr(strays.storage, "list_files", write_row_first)
    monkeypatch.setattr(sweeps, "is_named", lambda name: Photo.objects.filter(image=name).exists())
    assert sweeps.sweep_orphans() == 0
    assert default_storage.exists(name)


@pytest.mark.django_db
@pytest.mark.usefixtures("few_rows")
def test_vectors_that_are_missing_are_made_in_parts_and_none_is_left(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        make_photo(alice, with_image=True, pixel_sha256=f"{number:064x}")
    monkeypatch.setattr(jobs, "MOST_TIME_S", 0.0)
    runs = [jobs.embed_photos_job() for _ in range(9)]
    assert max(runs) == 1 and sum(runs) == 5
    assert PhotoEmbedding.objects.filter(box=[]).count() == 5
