"""Exports, imports and deletions, each a row that says how far its job has come."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

KEPT = timedelta(days=1)
"""How long an export can be downloaded, and an import waits for its wearer's word."""
COOLING_OFF = timedelta(days=1)
"""Between a wearer's word that their account goes, and its going."""
RECEIPTS_KEPT = timedelta(days=400)
MAX_TRIES = 3


class TransferQuerySet(models.QuerySet["Transfer"]):
    def for_owner(self, owner: User) -> "TransferQuerySet":
        return self.filter(owner=owner)

    def unfinished(self) -> "TransferQuerySet":
        """What a job is to work on."""
        return self.filter(status__in=Transfer.WORKING)

    def open(self) -> "TransferQuerySet":
        """What is worked on, or waits for its wearer."""
        return self.filter(status__in=[*Transfer.WORKING, Transfer.Status.OFFERED])

    def downloadable(self) -> "TransferQuerySet":
        return self.filter(
            kind=Transfer.Kind.EXPORT, status=Transfer.Status.DONE, expires_at__gt=Now()
        ).exclude(file="")


class Transfer(models.Model):
    """A wearer's data on its way out of here as a ZIP, or in. The row is the truth; the job may run twice, or late.

    `counts` says what an export holds; of an import what is `new` and what is `known` of each kind, and what is
    `left_out`, with why. `progress` of `steps` is done.
    """

    class Kind(models.TextChoices):
        EXPORT = "export", _("Export")
        IMPORT = "import", _("Import")

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READING = "reading", _("Being read")
        OFFERED = "offered", _("Waits for your word")
        RUNNING = "running", _("Under way")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        DROPPED = "dropped", _("Dropped")

    WORKING = ("waiting", "reading", "running")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="transfers"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    status = models.CharField(max_length=16, choices=Status, default=Status.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    file = models.CharField(
        max_length=200, blank=True, help_text="In the storage; gone at the end."
    )
    bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField("SHA-256 of the file", max_length=64, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    failure = models.CharField(max_length=300, blank=True, help_text="What the wearer is told.")
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind"],
                condition=Q(status__in=["waiting", "reading", "offered", "running"]),
                name="transfer_one_open",
            )
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="transfer_unfinished",
                condition=Q(status__in=["waiting", "reading", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.id.hex[:8]} ({self.get_status_display()})"

    @property
    def is_working(self) -> bool:
        return self.status in self.WORKING

    @property
    def can_be_downloaded(self) -> bool:
        return bool(
            self.kind == self.Kind.EXPORT
            and self.status == self.Status.DONE
            and self.file
            and self.expires_at
            and self.expires_at > timezone.now()
        )


class DeletionQuerySet(models.QuerySet["Deletion"]):
    def open(self) -> "DeletionQuerySet":
        """Neither taken back nor carried out."""
        return self.filter(cancelled_at=None, finished_at=None)

    def due(self) -> "DeletionQuerySet":
        """By database time."""
        return self.open().filter(due_at__lte=Now())


class Deletion(models.Model):
    """An account that is to be deleted, or was. It outlives the account, and then says nothing of whose it was.

    `email` is where the receipt goes, and is blanked once it went or cannot go. `left` holds the keys by which the rest
    is found once the rows are gone, and is emptied with it. `receipt` is what was removed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="deletions"
    )
    owner_key = models.BigIntegerField(help_text="The account's key, under which its files lie.")
    email = models.EmailField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The superuser who did it; empty where its owner did.",
    )
    token_sha256 = models.CharField(
        max_length=64, unique=True, editable=False, help_text="Of what opens the receipt."
    )
    requested_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    rows_deleted_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    mails_tried = models.PositiveSmallIntegerField(default=0)
    left = models.JSONField(default=dict, blank=True, editable=False)
    receipt = models.JSONField(default=dict, blank=True)

    objects = DeletionQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(cancelled_at=None, finished_at=None),
                name="deletion_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"Deletion of account {self.owner_key}"
