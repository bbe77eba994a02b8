"""Garments that reviewers are asked about, and reviewers."""

from typing import Any

from django.contrib.auth.models import Permission

from accounts.models import User
from feedback.models import ReviewItem
from feedback.review.filling import make_item
from tests.factories import make_described_garment, make_photo, make_user
from wardrobe.models import Garment
from wardrobe.services.garments import edit_garment


def make_reviewer(**fields: Any) -> User:
    user = make_user(is_staff=True, **fields)
    user.user_permissions.add(Permission.objects.get(codename="add_reviewdecision"))
    return user


def make_seen(owner: User, *, with_image: bool = False, **fields: Any) -> Garment:
    """A shirt on a photo, as a model described it."""
    photo = make_photo(owner, with_image=with_image)
    return make_described_garment(owner, photo=photo, **fields)


def make_corrected(owner: User, to: str = "blouse", **fields: Any) -> Garment:
    """Its wearer says that it is something else."""
    return edit_garment(make_seen(owner, **fields), changes={"type": to})


def ask(garment: Garment, field: str = "type", opinions: int = 1, **fields: Any) -> ReviewItem:
    """An item in the queue."""
    item = make_item(garment, field, fields.pop("reason", ReviewItem.Reason.MARGIN))
    item.opinions = opinions
    for name, value in fields.items():
        setattr(item, name, value)
    item.save()
    return item
