"""Golden examples that operators made of calls, before and after they are published."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from accounts.models import Consent
from registry.models.calls import InferenceCall
from registry.models.datasets import Dataset, DatasetVersion, Split, example_path


class CollectedExampleQuerySet(models.QuerySet["CollectedExample"]):
    def drafts(self) -> "CollectedExampleQuerySet":
        """For the next version of their dataset."""
        return self.filter(published_in=None)

    def usable(self) -> "CollectedExampleQuerySet":
        """Those whose wearer still lets us use them."""
        consents = Consent.objects.given(by=OuterRef("owner"))
        return self.filter(Exists(consents), withdrawn_at=None)

    def withdrawn(self) -> "CollectedExampleQuerySet":
        """Published ones whose wearer took their consent back, or is gone."""
        return self.exclude(published_in=None).filter(
            Q(withdrawn_at__isnull=False) | Q(owner__isnull=True)
        )


class CollectedExample(models.Model):
    """What an operator says is right of one call: in the draft of its dataset until a version holds it.

    `fingerprint` is 64 bits, hex, of what it shows: examples that differ in few bits are on one side of the
    split, which the database sees to. `owner` is whose photo or question it was, None once the account is gone.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="collected")
    key = models.CharField(max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    input = models.JSONField()
    expected = models.JSONField()
    slices = models.JSONField(default=list, blank=True)
    file = models.FileField(upload_to=example_path, blank=True, max_length=200)
    fingerprint = models.CharField(max_length=16)
    split = models.CharField(max_length=16, choices=Split)
    call = models.ForeignKey(InferenceCall, on_delete=models.PROTECT, related_name="collected")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_in = models.ForeignKey(
        DatasetVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="collected",
        help_text="The first version that holds it.",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = CollectedExampleQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "key"], name="collected_key_once"),
        ]
        permissions = [
            ("publish_collectedexample", "Can publish the next version of a golden dataset")
        ]

    def __str__(self) -> str:
        return self.key
