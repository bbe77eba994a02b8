"""A golden set of another seed: the same again for the same seed, whole, and drawn on the spot."""

import tomllib
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from lab.commands.render_golden import Command
from lab.synthetic.cuts import CUTS
from lab.synthetic.golden_sampling import sample_golden
from wardrobe.golden.labels import PhotoLabel, find_unknown, read_labels

SOURCE: Path = settings.BASE_DIR / "fixtures" / "golden" / "digitize_photo" / "photos.toml"
TABLES = tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def test_a_set_asks_every_type_and_some_photos_show_two():
    photos = sample_golden(2, 100, TABLES)
    types = Counter(spec.type for photo in photos for spec in photo.garments)
    assert set(types) == set(CUTS)
    assert max(types.values()) - min(types.values()) <= 1
    assert sum(len(photo.garments) == 2 for photo in photos) == 13
    assert len({photo.file for photo in photos}) == 100


def test_another_seed_is_another_set():
    assert sample_golden(2, 3, TABLES) == sample_golden(2, 3, TABLES)
    assert sample_golden(2, 3, TABLES) != sample_golden(3, 3, TABLES)


@pytest.mark.slow
def test_three_photos_are_drawn_byte_for_byte_again_with_their_labels(tmp_path, words):
    for folder in ("once", "twice"):
        call_command(
            Command(stdout=StringIO()), seed=2, count=3, out=tmp_path / folder, processes=1
        )
    once, twice = (
        {path.name: path.read_bytes() for path in (tmp_path / folder).rglob("*.*")}
        for folder in ("once", "twice")
    )
    assert once == twice
    labels = [label for label in read_labels(tmp_path / "once") if isinstance(label, PhotoLabel)]
    assert len(labels) == 3 and {Path(label.file).name for label in labels} < set(once)
    garments = [garment for label in labels for garment in label.garments]
    assert not [word for garment in garments for word in find_unknown(garment)]


def test_a_set_of_its_own_never_lands_on_the_first():
    with pytest.raises(CommandError, match="folder of its own"):
        call_command(Command(stdout=StringIO()), seed=2)
