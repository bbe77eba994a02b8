"""Pictures of outfits that whoever has the address may see."""

import uuid
from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from accounts.models import User
from styling.models.suggestions import Suggestion

TOKEN_BYTES = 16
"""128 bits: nobody guesses an address."""


def make_token() -> str:
    return token_urlsafe(TOKEN_BYTES)


class SharedPictureQuerySet(models.QuerySet["SharedPicture"]):
    def for_owner(self, owner: User) -> "SharedPictureQuerySet":
        return self.filter(owner=owner)

    def public(self) -> "SharedPictureQuerySet":
        """Not taken back."""
        return self.filter(withdrawn_at=None)


class SharedPicture(models.Model):
    """A picture of an outfit, as it was when the link was made. It says what its wearer chose, and nothing else."""

    class Shape(models.TextChoices):
        PORTRAIT = "portrait", gettext_lazy("4 by 5")
        SQUARE = "square", gettext_lazy("Square")
        STORY = "story", gettext_lazy("Story")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shared_pictures"
    )
    suggestion = models.ForeignKey(Suggestion, on_delete=models.CASCADE, related_name="shared")
    token = models.CharField(max_length=32, unique=True, default=make_token, editable=False)
    shape = models.CharField(max_length=16, choices=Shape, default=Shape.PORTRAIT)
    with_line = models.BooleanField(default=True)
    with_names = models.BooleanField(default=False)
    file = models.CharField(max_length=200, help_text="Its name in the storage.")
    description = models.CharField(
        max_length=500, help_text="What the picture shows, for those who do not see it."
    )
    created_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SharedPictureQuerySet.as_manager()

    class Meta:
        ordering = [F("created_at").desc(), "pk"]
        indexes = [
            models.Index(F("owner"), F("created_at").desc(), name="shared_by_owner"),
            models.Index(fields=["withdrawn_at"], name="shared_withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.get_shape_display()} of {self.suggestion_id}"
