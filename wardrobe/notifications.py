"""A doorbell for browsers: "this photo changed". Whoever hears it asks for the photo's card.

Nothing depends on it: a bell that is lost is made good by polling and by reloading the page.
"""

import logging

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from wardrobe.models import Photo

logger = logging.getLogger(__name__)


def owner_group(owner_id: int) -> str:
    return f"photos.{owner_id}"


def notify_photo_changed(photo: Photo) -> None:
    """Ring once the transaction has committed."""
    owner_id, photo_id = photo.owner_id, str(photo.pk)
    transaction.on_commit(lambda: ring(owner_id, photo_id), robust=True)


def ring(owner_id: int, photo_id: str) -> None:
    layer = get_channel_layer()
    message = {"type": "photo.changed", "id": photo_id}
    try:
        async_to_sync(layer.group_send)(owner_group(owner_id), message)
    except Exception:  # The row is the truth; Redis may be away.
        logger.warning("nobody was told that photo %s changed", photo_id, exc_info=True)
