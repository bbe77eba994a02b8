"""Golden examples, in immutable versions."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from registry.models.prompts import Prompt


class Split(models.TextChoices):
    """What an example may be used for. A locked one only judges: no version learns from it."""

    TRAINING = "training", "Training"
    HOLDOUT = "holdout", "Locked holdout"


class Dataset(models.Model):
    """Golden examples for one prompt: what an operator knows to be right."""

    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="datasets")
    name = models.SlugField(max_length=64)
    current = models.ForeignKey(
        "DatasetVersion", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    source_sha256 = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Of the files that were imported last: the same ones are not read again.",
    )

    class Meta:
        ordering = ["prompt", "name"]
        constraints = [
            models.UniqueConstraint(fields=["prompt", "name"], name="dataset_name_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} for {self.prompt.name}"


class DatasetVersion(models.Model):
    """An immutable set of examples; the database refuses to change one.

    `sha256` is the digest of its examples' digests. `thresholds` decide which evaluations pass, until others
    are set for the prompt: `accuracy` of all fields, `slice_floor`, and `slice_floors` for slices that
    have their own. `repeats` among them is how often each example is asked, under another seed each time.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField("SHA-256", max_length=64)
    thresholds = models.JSONField(default=dict, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["dataset", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "number"], name="dataset_number_once"),
            models.UniqueConstraint(fields=["dataset", "sha256"], name="dataset_content_once"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset.name} {self.number} for {self.dataset.prompt.name}"


class DatasetChange(models.Model):
    """One change of what a dataset holds: append-only, and without one its `current` does not move.

    Fewer examples, or other thresholds, take a superuser, or the role that owns the tables.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="changes")
    from_version = models.ForeignKey(
        DatasetVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    to_version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.dataset} → {self.to_version.number}"


def example_path(example: "Example", filename: str) -> str:
    """By content: the same picture in ten versions is one file."""
    return f"datasets/{filename}"


class ExampleQuerySet(models.QuerySet["Example"]):
    def for_training(self) -> "ExampleQuerySet":
        """Those that few-shot examples and training may use."""
        return self.filter(split=Split.TRAINING)


class Example(models.Model):
    """One question and what is right, in one version of a dataset; the database refuses to change it.

    `sha256` is the digest of input, expectation and file: a result holds for every example that has it. What
    was imported is locked.
    """

    dataset_version = models.ForeignKey(
        DatasetVersion, on_delete=models.PROTECT, related_name="examples"
    )
    ordinal = models.PositiveIntegerField()
    key = models.CharField(max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    input = models.JSONField()
    expected = models.JSONField()
    slices = models.JSONField(default=list, blank=True)
    file = models.FileField(upload_to=example_path, blank=True, max_length=200)
    split = models.CharField(
        max_length=16, choices=Split, default=Split.HOLDOUT, db_default=Split.HOLDOUT
    )

    objects = ExampleQuerySet.as_manager()

    class Meta:
        ordering = ["dataset_version", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["dataset_version", "key"], name="example_key_once"),
        ]

    def __str__(self) -> str:
        return self.key
