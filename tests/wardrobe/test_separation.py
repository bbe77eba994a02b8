"""Up to which distance an extractor's vectors are called alike."""

from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from tests.wardrobe.pictures import draw_noise, encode
from wardrobe.similarity.measure import measure_separation


def at(*angles: float) -> list[np.ndarray]:
    return [np.array([np.cos(angle), np.sin(angle)], dtype=np.float32) for angle in angles]


def test_pairs_of_one_type_and_of_two_are_told_apart() -> None:
    separation = measure_separation(["hat", "hat", "shoes"], at(0.0, 0.3, np.pi / 2))
    assert separation.same == pytest.approx([1 - np.cos(0.3)])
    assert separation.different == pytest.approx(sorted([1.0, 1 - np.sin(0.3)]))
    assert (separation.share_same(0.1), separation.share_different(0.8)) == (1.0, 0.5)


def test_the_suggestion_stays_below_pairs_of_two_types() -> None:
    separation = measure_separation(["hat", "hat", "shoes"], at(0.0, 0.3, np.pi / 2))
    assert separation.suggest_distance() == pytest.approx(0.70)  # 1 - sin 0.3 is 0.704.


def test_the_command_reads_a_folder_a_type_and_passes_over_what_is_no_photo(tmp_path: Path) -> None:
    for number, name in enumerate(("hat", "shoes")):
        (tmp_path / name).mkdir()
        for seed in (0, 1):
            photo = encode(draw_noise(96, 96, seed=10 * number + seed), "jpeg")
            (tmp_path / name / f"{seed}.jpg").write_bytes(photo)
    (tmp_path / "hat" / "notes.txt").write_text("no photo")
    out = StringIO()
    call_command("measure_likeness", tmp_path, stdout=out)
    assert "4 photos of 2 types" in out.getvalue()
    assert "0.30" in out.getvalue() and "in use" in out.getvalue()


def test_one_type_is_nothing_to_compare(tmp_path: Path) -> None:
    (tmp_path / "hat").mkdir()
    with pytest.raises(CommandError, match="two folders"):
        call_command("measure_likeness", tmp_path)
