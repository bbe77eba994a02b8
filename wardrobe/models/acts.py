"""What a wearer did to many garments at once, so that it can be undone as one."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class ActQuerySet(models.QuerySet["Act"]):
    def for_owner(self, owner: User) -> "ActQuerySet":
        return self.filter(owner=owner)


class Act(models.Model):
    """One act on many garments. `changes` says of each what it was and what it became, in columns of the
    garment: `[{"garment": "…", "before": {"in_wash": false}, "after": {"in_wash": true}}]`; of one that
    the act made, `garment` and the digest of what was `said` of it. `wears` and `care` are entries of the logs that it made. No word that a wearer typed stands in it.
    """

    class Kind(models.TextChoices):
        EDIT = "edit", _("Changed")
        WASH = "wash", _("Put in the wash")
        CLEAN = "clean", _("Clean again")
        WORN = "worn", _("Worn today")
        ARCHIVE = "archive", _("Put away")
        RESTORE = "restore", _("Brought back")
        IMPORT = "import", _("Read from a table")
        BASICS = "basics", _("Basics hung up")
        INTERVAL = "interval", _("Wash interval")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="acts"
    )
    kind = models.CharField(max_length=16, choices=Kind)
    changes = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now(), db_index=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {len(self.changes)}"
