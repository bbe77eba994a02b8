"""The look of photos: whether new vectors can be told from earlier ones, and which photos give it away."""

from dataclasses import replace

import numpy as np

from monitoring.drift.classifier import tell_apart
from monitoring.drift.findings import PREVIOUS, Finding
from monitoring.drift.properties import within
from monitoring.drift.statistics import Floats, Observation, cast_votes, hash_key
from monitoring.drift.windows import MINIMUM_WEARERS, Window
from wardrobe.identity.alignment import EXTRACTOR
from wardrobe.models import Photo, PhotoEmbedding

NAME, TITLE = "look", "Look of the photo (vectors)"
MOST_WEARERS = 300
"""In a window. The test's time grows with them: some seconds for these."""
MOST_PHOTOS = 12


def compare_look(now: Window, reference: Window) -> Finding:
    """The vectors of whole photos, one a wearer and window."""
    new, old = read_votes(now), read_votes(reference)
    untested = Finding(NAME, PREVIOUS, len(new), len(old), rows=len(new))
    if min(len(new), len(old)) < MINIMUM_WEARERS:
        return untested
    votes = new + old
    is_new = np.repeat([1.0, 0.0], [len(new), len(old)])
    numbers = {wearer: i for i, wearer in enumerate(dict.fromkeys(one.wearer for one in votes))}
    wearers = np.array([numbers[one.wearer] for one in votes])
    telling = tell_apart(read_vectors(votes), is_new, wearers)
    surest = sorted(zip(telling.scores.tolist(), new, strict=False), key=lambda pair: -pair[0])
    return replace(
        untested,
        p=telling.p,
        distance=telling.distance,
        auc=telling.auc,
        photos=find_photos([(one, score) for score, one in surest[:MOST_PHOTOS]]),
    )


def read_votes(window: Window) -> list[Observation]:
    """Keys of vectors, at most MOST_WEARERS."""
    rows = within(PhotoEmbedding.objects.filter(extractor=EXTRACTOR, box=[]), window)
    keys = rows.values_list("owner", "pk").iterator()
    votes = cast_votes(Observation(owner, pk, "") for owner, pk in keys)
    return sorted(votes, key=lambda vote: hash_key(vote.key))[:MOST_WEARERS]


def read_vectors(votes: list[Observation]) -> Floats:
    rows = PhotoEmbedding.objects.in_bulk([one.key for one in votes])
    return np.array([np.asarray(rows[one.key].vector) for one in votes], dtype=np.float64)


def find_photos(surest: list[tuple[Observation, float]]) -> tuple[tuple[str, float], ...]:
    """The photos of vectors, with the share of certainty that they are new, 0 to 1."""
    found = []
    rows = PhotoEmbedding.objects.in_bulk([one.key for one, _ in surest])
    for one, score in surest:
        row = rows[one.key]
        photo = Photo.objects.filter(owner=row.owner_id, pixel_sha256=row.pixel_sha256).first()
        if photo:
            found.append((str(photo.pk), round(float(1 / (1 + np.exp(-score))), 3)))
    return tuple(found)
