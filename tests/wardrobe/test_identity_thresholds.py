"""From when on a photo is compared with another one: at each threshold, one on either side."""

import numpy as np
import pytest
from PIL import Image

from accounts.models import User
from tests.factories import make_photo, make_user
from wardrobe.identity import alignment
from wardrobe.models import Photo, PhotoEmbedding
from wardrobe.services import identification

pytestmark = pytest.mark.django_db


def make_seen_photo(owner: User, *, cosine: float = 0.0, bits: int = 0) -> Photo:
    """`cosine` from the first axis, `bits` from a hash of zeros."""
    pixels = f"{owner.photos.count()}".ljust(64, "0")
    vector = np.zeros(128)
    vector[:2] = cosine, np.sqrt(1 - cosine**2)
    PhotoEmbedding.objects.create(
        owner=owner, extractor=alignment.EXTRACTOR, pixel_sha256=pixels, vector=vector
    )
    hashed = f"{2**bits - 1:016x}"
    return make_photo(owner, with_image=True, pixel_sha256=pixels, perceptual_hash=hashed)


def test_hashes_that_differ_in_ten_bits_are_candidates() -> None:
    owner = make_user()
    asked, near, _ = (make_seen_photo(owner, bits=bits) for bits in (0, 10, 11))
    others = owner.photos.exclude(pk=asked.pk)
    assert identification.find_hashed_pixels(asked, others) == [near.pixel_sha256]


def test_vectors_of_a_cosine_from_three_tenths_are_candidates() -> None:
    owner = make_user()
    asked, near, _ = (make_seen_photo(owner, cosine=cosine) for cosine in (1.0, 0.301, 0.299))
    others = owner.photos.exclude(pk=asked.pk)
    assert identification.find_near_pixels(asked, others) == [near.pixel_sha256]


def test_the_eight_nearest_vectors_are_candidates() -> None:
    owner = make_user()
    asked, *others = (make_seen_photo(owner, cosine=1 - 0.05 * rank) for rank in range(10))
    found = identification.find_near_pixels(asked, owner.photos.exclude(pk=asked.pk))
    assert found == [other.pixel_sha256 for other in others[:8]]


@pytest.mark.parametrize(("overlap", "is_alike"), [(0.90, True), (0.899, False)])
def test_an_overlap_from_nine_tenths_is_asked_about(
    overlap: float, is_alike: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = make_user()
    other, asked = (make_seen_photo(owner, cosine=1.0) for _ in range(2))
    monkeypatch.setattr(identification, "measure_overlap", lambda picture, photo: overlap)
    found = identification.find_alike(asked, Image.new("RGB", (60, 80)))
    assert found == (other if is_alike else None)
