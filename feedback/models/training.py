"""Training sets, the runs that learn from them, and what these wrote."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from accounts.models import Consent
from feedback.models.opinions import Correction, ReviewDecision
from wardrobe.models import Photo


class TrainingSet(models.Model):
    """An immutable set of rows; the database refuses to change one. `sha256` is the digest of its rows' content.

    `left_out` says what did not come in: `[{"check": "Cap a wearer", "count": 23, "why": "…"}]`.
    """

    number = models.PositiveIntegerField(unique=True)
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    left_out = models.JSONField(default=list, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"TS-{self.number}"

    @property
    def short_sha(self) -> str:
        return self.sha256[:7]


def may_be_used() -> tuple[Exists, Exists]:
    """Of a row with an owner and a photo: that its wearer still lets us use it, and that the photo is there."""
    photos = Photo.objects.filter(pk=OuterRef("photo"), pixel_sha256=OuterRef("pixel_sha256"))
    return Exists(Consent.objects.given(by=OuterRef("owner"))), Exists(photos.exclude(image=""))


class TrainingRowQuerySet(models.QuerySet["TrainingRow"]):
    def usable(self) -> "TrainingRowQuerySet":
        """Those whose wearer still lets us use them, and whose photo is there."""
        return self.filter(*may_be_used())

    def with_usable(self) -> "TrainingRowQuerySet":
        """Each with `is_usable`."""
        return self.annotate(
            is_usable=Exists(TrainingRow.objects.usable().filter(pk=OuterRef("pk")))
        )

    def stale(self) -> "TrainingRowQuerySet":
        return self.exclude(pk__in=self.usable().values("pk"))


class TrainingRow(models.Model):
    """One attribute of one garment in a training set: what it is, who said so, and the pixels that show it.

    Its wearer, consent, photo and correction are named by keys that nothing enforces: the row outlives them and then says
    no more than that something was. `box` is x, y, width, height in fractions of the photo, empty for all of it.
    `fingerprint` is the perceptual hash of the photo, 64 bits, hex. `weight` is 0 to 1.
    """

    class Split(models.TextChoices):
        TRAINING = "training", "Learned from"
        REHEARSED = "rehearsed", "Rehearsed"
        VALIDATION = "validation", "Trusted validation"

    training_set = models.ForeignKey(TrainingSet, on_delete=models.PROTECT, related_name="rows")
    ordinal = models.PositiveIntegerField()
    split = models.CharField(max_length=16, choices=Split)
    correction = models.ForeignKey(
        Correction,
        null=True,
        db_constraint=False,
        on_delete=models.DO_NOTHING,
        related_name="training_rows",
    )
    decision = models.ForeignKey(
        ReviewDecision, null=True, on_delete=models.PROTECT, related_name="training_rows"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_constraint=False, on_delete=models.DO_NOTHING, related_name="+"
    )
    consent = models.ForeignKey(
        Consent, db_constraint=False, on_delete=models.DO_NOTHING, related_name="+"
    )
    photo = models.ForeignKey(
        Photo, db_constraint=False, on_delete=models.DO_NOTHING, related_name="+"
    )
    pixel_sha256 = models.CharField(max_length=64, db_index=True)
    fingerprint = models.CharField(max_length=16)
    box = models.JSONField(default=list, blank=True)
    field = models.CharField(max_length=32)
    model_value = models.CharField(max_length=32, blank=True)
    value = models.CharField(max_length=32)
    weight = models.FloatField(default=1.0)

    objects = TrainingRowQuerySet.as_manager()

    class Meta:
        ordering = ["training_set", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_set", "ordinal"], name="training_row_ordinal_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_set}, {self.field}: {self.value}"


class Artefact(models.Model):
    """Heads that a training run wrote, by digest; the database refuses to change the row. The file is in the storage.

    `start` and `start_sha256` are the heads that it was fitted from, as `VisionParameters` names them: those
    never learned from a correction, so that a set without somebody's rows makes heads without them.
    """

    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    file = models.CharField(max_length=200)
    size = models.PositiveIntegerField(help_text="Bytes.")
    start = models.CharField(max_length=64)
    start_sha256 = models.CharField(max_length=64)
    card = models.TextField(help_text="The model card, Markdown.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.sha256[:7]


class TrainingRun(models.Model):
    """One retraining of the built-in network on one set. `version` is the draft that it wrote; nothing goes live by it.

    `figures` holds the heads before and after, by type; `left_out` what the run did not learn from, and `refused` the keys
    of these rows; `suspects` the wearers whose corrections hurt most, the worst first.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        REFUSED = "refused", "No better"
        FAILED = "failed", "Failed"

    training_set = models.ForeignKey(TrainingSet, on_delete=models.PROTECT, related_name="runs")
    status = models.CharField(max_length=16, choices=Status, default=Status.QUEUED)
    progress = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=300, blank=True)
    artefact = models.ForeignKey(Artefact, null=True, on_delete=models.PROTECT, related_name="runs")
    version = models.ForeignKey(
        "registry.PromptVersion", null=True, on_delete=models.PROTECT, related_name="training_runs"
    )
    figures = models.JSONField(default=dict, blank=True)
    left_out = models.JSONField(default=list, blank=True)
    refused = models.JSONField(default=list, blank=True)
    suspects = models.JSONField(default=list, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        permissions = [("retrain", "Can build training sets and retrain the built-in network")]
        constraints = [
            models.UniqueConstraint(
                fields=["training_set"],
                condition=Q(status__in=["queued", "running"]),
                name="training_run_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Run {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in {self.Status.QUEUED, self.Status.RUNNING}
