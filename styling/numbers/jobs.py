"""Counting what a wardrobe could do: in a job, kept by the digest of the wardrobe."""

import logging
from typing import Any

from django.core.cache import cache
from django_rq import get_queue
from redis.exceptions import RedisError

from accounts.models import User
from styling.numbers import additions
from styling.numbers.additions import Counted
from styling.numbers.reading import digest_wardrobe, read_candidates
from styling.services.profiles import get_profile
from wardrobe import vocabulary

logger = logging.getLogger(__name__)

QUEUE = "maintenance"
KEPT_S = 30 * 86_400
PATIENCE_S = 120
LONGEST_S = 240


def name_key(owner: User, digest: str) -> str:
    return f"numbers:{owner.pk}:{digest}"


def find_counted(owner: User) -> Counted | None:
    """What was counted for the wardrobe as it is; else None, and it is being counted."""
    digest = digest_wardrobe(owner)
    try:
        stored: dict[str, Any] | None = cache.get(name_key(owner, digest))
        if stored:
            return Counted.from_json(stored)
        if cache.add(f"{name_key(owner, digest)}:asked", True, PATIENCE_S):
            get_queue(QUEUE).enqueue(
                count_job, owner.pk, digest, result_ttl=0, failure_ttl=60, job_timeout=LONGEST_S
            )
    except (RedisError, OSError):
        logger.warning("nothing is counted: Redis is away", exc_info=True)
    return None


def count_job(owner_id: int, digest: str) -> None:
    """A wardrobe that changed meanwhile is counted when it is asked for next."""
    owner = User.objects.filter(pk=owner_id).first()
    if owner is None or digest_wardrobe(owner) != digest:
        return
    sensitivity = get_profile(owner).sensitivity
    words = vocabulary.current()
    found = additions.count_all(read_candidates(owner), words, sensitivity=sensitivity)
    cache.set(name_key(owner, digest), found.to_json(), KEPT_S)
