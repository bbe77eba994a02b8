"""Photos and what was extracted from them."""

import uuid
from datetime import timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Case, F, Func, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray
from pgvector.django import CosineDistance, VectorField

from accounts.models import User
from registry.engines.base import OtherReleaseError

MAX_TRIES = 3


def incoming_path(photo: "Photo", filename: str) -> str:
    """Where the bytes wait until they are ingested. Names that people gave are never used."""
    return f"incoming/{photo.owner_id}/{photo.id}"


def rendition_path(photo: "Photo", filename: str) -> str:
    return f"photos/{photo.owner_id}/{photo.id}/{filename}"


# Held by a living worker that may ask the model: a copy waits for how that ends.
IN_HAND = Q(status="processing", admitted_attempt=F("attempt"), leased_until__gte=Now())


class PhotoQuerySet(models.QuerySet["Photo"]):
    def for_owner(self, owner: User) -> "PhotoQuerySet":
        return self.filter(owner=owner)

    def unfinished(self) -> "PhotoQuerySet":
        return self.filter(status__in=[Photo.Status.RECEIVED, Photo.Status.PROCESSING])

    def left(self) -> "PhotoQuerySet":
        """Unfinished because whoever tried is of another release than the live version; `updated_at` says since when."""
        return self.unfinished().filter(failure_code=OtherReleaseError.code)

    def wanting_a_look(self) -> "PhotoQuerySet":
        """Being looked at, or failed: what the wearer may want to see first."""
        settled = [Photo.Status.READY, Photo.Status.DUPLICATE, Photo.Status.VIEW]
        return self.exclude(status__in=settled)

    def of_batch(self, batch: UUID) -> "PhotoQuerySet":
        """Those that were sent together, in the order in which they came."""
        return self.filter(batch=batch).order_by("created_at", "pk")

    def wanting_a_word(self) -> "PhotoQuerySet":
        """Those that go on only when their wearer says something."""
        return self.filter(status__in=[Photo.Status.FAILED, Photo.Status.ASKING])

    def comparable(self) -> "PhotoQuerySet":
        """Those that a new photo may show once more: with a picture, and done or in hand."""
        done = [Photo.Status.READY, Photo.Status.DUPLICATE, Photo.Status.VIEW]
        return self.filter(Q(status__in=done) | IN_HAND).exclude(thumbnail="")

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
    the wearer asks for another try. `admitted_attempt` equals `attempt` once the photo was compared
    with the wearer's others and may be shown to the model.
    """

    class Status(models.TextChoices):
        RECEIVED = "received", _("Waiting")
        PROCESSING = "processing", _("Being looked at")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        ASKING = "asking", _("Is this the same one?")
        DUPLICATE = "duplicate", _("Known already")
        VIEW = "view", _("Another view")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="photos"
    )
    upload_key = models.UUIDField(help_text="Chosen by the browser: a repeat is the same upload.")
    batch = models.UUIDField(
        null=True,
        blank=True,
        editable=False,
        help_text="Chosen by the browser: those sent together.",
    )
    place = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Among the photos of one garment."
    )
    status = models.CharField(max_length=16, choices=Status, default=Status.RECEIVED)
    failure_code = models.CharField(max_length=48, blank=True)
    failure = models.CharField(max_length=300, blank=True, help_text="What the wearer is told.")
    attempt = models.PositiveSmallIntegerField(default=0)
    admitted_attempt = models.PositiveSmallIntegerField(null=True, blank=True)
    tries_left = models.PositiveSmallIntegerField(default=MAX_TRIES, db_default=MAX_TRIES)
    leased_until = models.DateTimeField(null=True, blank=True)
    traceparent = models.CharField(
        max_length=55,
        blank=True,
        db_default="",
        default="",
        editable=False,
        help_text="The trace of the request that it came or was tried again with.",
    )

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
    duplicate_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="duplicates",
        help_text="The photo that shows the same; its garments are this one's.",
    )
    alike = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The photo that the wearer is or was asked about.",
    )
    view_of = models.ForeignKey(
        "wardrobe.Garment",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="views",
        help_text="The garment that it shows once more.",
    )

    meant_for = models.ForeignKey(
        "wardrobe.Garment",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The garment that it is to be the picture of: nobody is asked what it shows.",
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
            models.Index(fields=["owner", "batch"], name="photo_batch"),
            models.Index(fields=["created_at"], name="photo_failed", condition=Q(status="failed")),
            models.Index(fields=["created_at"], name="photo_ready", condition=Q(status="ready")),
        ]

    def __str__(self) -> str:
        return f"{self.id.hex[:8]} ({self.get_status_display()})"

    @property
    def shows_person(self) -> bool:
        """Whether a model saw somebody in these pixels."""
        return PhotoFeatures.objects.filter(
            owner=self.owner_id, pixel_sha256=self.pixel_sha256, output__person=True
        ).exists()

    @property
    def is_working(self) -> bool:
        return self.status in {self.Status.RECEIVED, self.Status.PROCESSING}

    @property
    def is_left(self) -> bool:
        """It waits for a process of the live version's release, and nothing has failed."""
        return self.is_working and self.failure_code == OtherReleaseError.code

    @property
    def file_names(self) -> list[str | None]:
        return [self.incoming.name, self.image.name, self.thumbnail.name]

    @property
    def is_asking(self) -> bool:
        """The wearer is to say whether it shows what another photo shows."""
        return self.status == self.Status.ASKING and self.alike_id is not None

    @property
    def answer(self) -> str:
        """What the wearer said when they were asked: "same", "different", a garment's key, or ""."""
        if self.alike_id is None or self.status == self.Status.ASKING:
            return ""
        if self.view_of_id:
            return str(self.view_of_id)
        return "same" if self.duplicate_of_id else "different"

    @property
    def can_be_answered(self) -> bool:
        """There is something to ask, or an answer to change."""
        asked = {self.Status.ASKING, self.Status.READY, self.Status.DUPLICATE, self.Status.VIEW}
        return self.alike_id is not None and self.status in asked

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


class PhotoEmbeddingQuerySet(models.QuerySet["PhotoEmbedding"]):
    def with_distance(self, vector: NDArray[np.float32]) -> models.QuerySet[Any]:
        """Each with its cosine `distance` to `vector`; None where the widths differ.

        PostgreSQL may look at a distance before it looks at other conditions, and refuses to compare
        vectors of two widths; only inside CASE the order is certain.
        """
        is_comparable = Q(width=len(vector))
        distance = Case(
            When(is_comparable, then=CosineDistance("vector", vector)),
            output_field=models.FloatField(),
        )
        width = Func("vector", function="vector_dims", output_field=models.IntegerField())
        return self.alias(width=width).annotate(distance=distance)


class PhotoEmbedding(models.Model):
    """What one extractor made of these pixels, or of a part of them.

    Kept by extractor, so that another one starts afresh and going back finds the old vectors. Only
    vectors of one extractor can be compared; each has a width of its own. `box` is a garment's in its
    photo, empty for all of it.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    extractor = models.CharField(max_length=32)
    pixel_sha256 = models.CharField(max_length=64)
    box = ArrayField(models.FloatField(), default=list, blank=True)
    vector = VectorField()
    created_at = models.DateTimeField(db_default=Now())

    objects = PhotoEmbeddingQuerySet.as_manager()

    class Meta:
        constraints = [
            # Its beginning is what a wearer's nearest are found by.
            models.UniqueConstraint(
                fields=["owner", "extractor", "pixel_sha256", "box"], name="embedding_once"
            )
        ]
        # Rows are only ever added, so their time is as their place.
        indexes = [BrinIndex(fields=["created_at"], name="embedding_by_time")]

    def __str__(self) -> str:
        return f"{self.pixel_sha256[:8]} by {self.extractor}"


class PhotoAnswer(models.Model):
    """What a wearer said of two pictures, by their pixels: it outlives the photos.

    `ordinal` is the garment, by its place in the photo of `original_sha256`, that a view shows.
    """

    class Verdict(models.TextChoices):
        SAME = "same", _("Same photo")
        VIEW = "view", _("Another photo of this piece")
        DIFFERENT = "different", _("A different piece")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    pixel_sha256 = models.CharField(max_length=64)
    original_sha256 = models.CharField(max_length=64)
    verdict = models.CharField(max_length=16, choices=Verdict)
    ordinal = models.PositiveSmallIntegerField(null=True, blank=True)
    answered_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "pixel_sha256", "original_sha256"], name="answer_once"
            )
        ]
        indexes = [models.Index(fields=["owner", "original_sha256"], name="answer_original")]

    def __str__(self) -> str:
        return f"{self.pixel_sha256[:8]} and {self.original_sha256[:8]}: {self.verdict}"
