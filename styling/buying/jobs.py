"""Judging a photo in a worker, as every photo is decoded: in a process of its own, within its limits."""

import logging
from uuid import UUID

from django.utils.translation import gettext_lazy
from django_rq import get_queue

from accounts.languages.speaking import speaking
from accounts.models import User
from styling.buying import store
from styling.buying.judging import judge_photo
from wardrobe.photos.formats import UnreadablePhotoError

logger = logging.getLogger(__name__)

QUEUE = "photos"
NOT_NOW = gettext_lazy("It could not be judged just now. Try once more.")


def enqueue_judging(owner: User, token: UUID) -> None:
    """Raises RedisError: without Redis there is no photo to judge either."""
    get_queue(QUEUE).enqueue(
        judge_job, owner.pk, str(token), result_ttl=0, failure_ttl=60, ttl=store.KEPT_S
    )


def judge_job(owner_id: int, token: str) -> None:
    owner = User.objects.filter(pk=owner_id).first()
    data, question = (store.read(owner_id, token, part) for part in ("file", "question"))
    if owner is None or data is None or question is None:
        return
    with speaking(owner):
        try:
            verdict, picture = judge_photo(owner, data, question)
        except UnreadablePhotoError as error:
            store.answer(owner_id, token, {"failure": str(error.message)})
        except Exception:
            logger.exception("a photo could not be judged")
            store.answer(owner_id, token, {"failure": str(NOT_NOW)})
        else:
            store.answer(owner_id, token, verdict.to_json(), picture)
