"""Drafts that were put away, and taken out again."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from registry.models.prompts import PromptVersion


class VersionArchiving(models.Model):
    """A draft was archived or restored: append-only, the newest row of a version counts.

    The database dates the rows; it refuses to archive what is or was before wearers, and to let before wearers
    what is archived.
    """

    class Kind(models.TextChoices):
        ARCHIVE = "archive", "Archived"
        RESTORE = "restore", "Restored"

    version = models.ForeignKey(PromptVersion, on_delete=models.PROTECT, related_name="archivings")
    kind = models.CharField(max_length=8, choices=Kind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="archiving_says_why", condition=Q(kind="restore") | ~Q(reason="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_kind_display().lower()}"
