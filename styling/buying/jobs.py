"""Judging a photo in a worker, as every photo is decoded: in a process of its own, within its limits."""

import logging
import time
from uuid import UUID

from django.utils.translation import gettext_lazy
from django_rq import get_queue

from accounts.languages.speaking import speaking
from accounts.models import User
from registry.engines.base import OtherReleaseError
from styling.buying import store
from styling.buying.judging import judge_photo
from wardrobe.photos.formats import UnreadablePhotoError

logger = logging.getLogger(__name__)

QUEUE = "photos"
MOST_LEFT, REST_S = 10, 2.0
"""Somebody waits for it: for 20 s at most. Who was waiting at the queue takes it next, not who has left it."""
NOT_NOW = gettext_lazy("It could not be judged just now. Try once more.")


def enqueue_judging(owner: User, token: UUID | str, *, left: int = 0) -> None:
    """Raises RedisError: without Redis there is no photo to judge either."""
    get_queue(QUEUE).enqueue(
        judge_job, owner.pk, str(token), left, result_ttl=0, failure_ttl=60, ttl=store.KEPT_S
    )


def judge_job(owner_id: int, token: str, left: int = 0) -> None:
    """`left`: how often workers of another release than the live version's have left it to others."""
    owner = User.objects.filter(pk=owner_id).first()
    data, question = (store.read(owner_id, token, part) for part in ("file", "question"))
    if owner is None or data is None or question is None:
        return
    with speaking(owner):
        try:
            verdict, picture = judge_photo(owner, data, question)
        except UnreadablePhotoError as error:
            store.answer(owner_id, token, {"failure": str(error.message)})
        except OtherReleaseError as error:
            logger.warning("a photo is left to workers of another release: %s", error)
            if left == MOST_LEFT:
                store.answer(owner_id, token, {"failure": str(NOT_NOW)})
                return
            time.sleep(REST_S)
            enqueue_judging(owner, token, left=left + 1)
        except Exception:
            logger.exception("a photo could not be judged")
            store.answer(owner_id, token, {"failure": str(NOT_NOW)})
        else:
            store.answer(owner_id, token, verdict.to_json(), picture)
