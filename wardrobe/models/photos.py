"""Photos and what was extracted from them."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from pgvector.django import VectorField

from wardrobe.models.users import User

EMBEDDING_DIMENSIONS = 128
MAX_TRIES = 3


def incoming_path(photo: "Photo", filename: str) -> str:
    """Where the bytes wait until they are ingested. Names that people gave are never used."""
    return f"incoming/{photo.owner_id}/{photo.id}"


def rendition_path(photo: "Photo", filename: str) -> str:
    return f"photos/{photo.owner_id}/{photo.id}/{filename}"


class PhotoQuerySet(models.QuerySet["Photo"]):
    def for_owner(self, owner: User) -> "PhotoQuerySet":
        return self.filter(owner=owner)

    def unfinished(self) -> "PhotoQuerySet":
        return self.filter(status__in=[Photo.Status.RECEIVED, Photo.Status.PROCESSING])

    def wanting_a_look(self) -> "PhotoQuerySet":
        """Being looked at, or failed: what the wearer may want to see first."""
        return self.exclude(status__in=[Photo.Status.READY, Photo.Status.DUPLICATE])

    def abandoned(self) -> "PhotoQuerySet":
        """Unfinished and held by no living worker, by database time."""
        return self.unfinished().filter(
            Q(leased_until__lt=Now())
            | Q(leased_until__isnull=True, created_at__lt=Now() - timedelta(seconds=5))
        )


class Photo(models.Model):
    """A photo that a wearer added. The row is the truth about its way to garments.

    `attempt` is the fence: a worker that claims the photo raises it, and may finish the photo only
    while it still holds the same number. `tries_left` falls with every claim and is full again when
    the wearer asks for another try.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", "Waiting"
        PROCESSING = "processing", "Being looked at"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"
        DUPLICATE = "duplicate", "Known already"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="photos"
    )
    upload_key = models.UUIDField(help_text="Chosen by the browser: a repeat is the same upload.")
    status = models.CharField(max_length=16, choices=Status, default=Status.RECEIVED)
    failure_code = models.CharField(max_length=48, blank=True)
    failure = models.CharField(max_length=300, blank=True, help_text="What the wearer is told.")
    attempt = models.PositiveSmallIntegerField(default=0)
    tries_left = models.PositiveSmallIntegerField(default=MAX_TRIES, db_default=MAX_TRIES)
    leased_until = models.DateTimeField(null=True, blank=True)

    sha256 = models.CharField("SHA-256 of the file", max_length=64)
    source_format = models.CharField(max_length=8, help_text="By content: jpeg, png, heif, …")
    source_bytes = models.PositiveIntegerField()
    incoming = models.FileField(
        upload_to=incoming_path,
        blank=True,
        max_length=200,
        help_text="Gone once ingested.",
    )

    # No width_field: Django would open the file for each row that it loads without a width.
    image = models.ImageField(upload_to=rendition_path, blank=True, max_length=200)
    thumbnail = models.ImageField(upload_to=rendition_path, blank=True, max_length=200)
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    pixel_sha256 = models.CharField("SHA-256 of the pixels", max_length=64, blank=True)
    perceptual_hash = models.CharField(max_length=16, blank=True, help_text="64 bits, hex.")
    embedding = VectorField(dimensions=EMBEDDING_DIMENSIONS, null=True)
    duplicate_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="duplicates",
        help_text="The photo that shows the same; its garments are this one's.",
    )

    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "upload_key"], name="upload_once"),
            models.UniqueConstraint(
                fields=["owner", "sha256"],
                name="file_once_per_owner",
                condition=~Q(status="failed"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["leased_until"],
                name="photo_unfinished",
                condition=Q(status__in=["received", "processing"]),
            ),
            models.Index(fields=["owner", "pixel_sha256"], name="photo_pixels"),
        ]

    def __str__(self) -> str:
        return f"{self.id.hex[:8]} ({self.get_status_display()})"

    @property
    def is_working(self) -> bool:
        return self.status in {self.Status.RECEIVED, self.Status.PROCESSING}

    @property
    def can_retry(self) -> bool:
        """Failed, and there is still something to look at."""
        return self.status == self.Status.FAILED and bool(self.image or self.incoming)


class PhotoFeatures(models.Model):
    """The feature store for images: what one version, on one engine, read in these pixels."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    pixel_sha256 = models.CharField(max_length=64)
    version = models.ForeignKey(
        "registry.PromptVersion", on_delete=models.PROTECT, related_name="+"
    )
    engine = models.CharField(max_length=32)
    output = models.JSONField()
    call = models.ForeignKey("registry.InferenceCall", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "photo features"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "pixel_sha256", "version", "engine"],
                name="features_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pixel_sha256[:8]} by {self.version}"
