"""Links to pictures of outfits: making one, taking it back, and what is swept away after that."""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from styling.models import SharedPicture, Suggestion
from styling.sharing.drawing import Wish, plan_picture
from wardrobe.photos import storage

FOLDER = "shared"
MOST_LINKS = 200
"""Open links of one wearer: each is a file."""
KEPT_AFTER_WITHDRAWAL = timedelta(hours=1)
"""In which taking one back can be undone."""


class TooManyLinksError(Exception):
    """The wearer has MOST_LINKS open links."""


def share(suggestion: Suggestion, wish: Wish) -> SharedPicture:
    """A link to the picture; the one that shows the same already, if there is one. Raises TooManyLinksError, OSError."""
    owner = suggestion.owner
    planned = plan_picture(suggestion, wish)
    picture = planned.draw()
    name = f"{hashlib.sha256(picture).hexdigest()[:16]}.jpg"
    made = SharedPicture(
        owner=owner, suggestion=suggestion, description=planned.describe(), **wish._asdict()
    )
    made.file = f"{FOLDER}/{owner.pk}/{made.pk}/{name}"
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)
        links = SharedPicture.objects.for_owner(owner).public()
        if same := links.filter(suggestion=suggestion, file__endswith=f"/{name}").first():
            return same
        if links.count() >= MOST_LINKS:
            raise TooManyLinksError
        storage.save_file(made.file, picture)
        made.save()
    return made


def withdraw(link: SharedPicture) -> None:
    """Nobody sees it any more, from now on."""
    SharedPicture.objects.public().filter(pk=link.pk).update(withdrawn_at=Now())


def restore(link: SharedPicture) -> None:
    """Undo a withdrawal: under the same address."""
    SharedPicture.objects.filter(pk=link.pk).update(withdrawn_at=None)


def sweep() -> int:
    """Delete links that were taken back, once that cannot be undone, and pictures that no link names."""
    limit = timezone.now() - KEPT_AFTER_WITHDRAWAL
    deleted, _ = SharedPicture.objects.filter(withdrawn_at__lt=limit).delete()
    storage.delete_unnamed(
        [FOLDER],
        older_than=KEPT_AFTER_WITHDRAWAL,
        is_named=lambda name: SharedPicture.objects.filter(file=name).exists(),
    )
    return deleted
