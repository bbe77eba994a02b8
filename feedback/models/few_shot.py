"""Corrected photos that versions show a model."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from accounts.models import Consent
from feedback.models.training import may_be_used
from wardrobe.models import Photo


class FewShotExampleQuerySet(models.QuerySet["FewShotExample"]):
    def usable(self) -> "FewShotExampleQuerySet":
        """Those whose wearer still lets us use them, and whose photo is there."""
        return self.filter(*may_be_used())

    def with_usable(self) -> "FewShotExampleQuerySet":
        """Each with `is_usable`."""
        usable = FewShotExample.objects.usable().filter(pk=OuterRef("pk"))
        return self.annotate(is_usable=Exists(usable))


class FewShotExample(models.Model):
    """A photo of a wearer's with the right answer, as drafts show it to a model; the database refuses to change one.

    Versions hold the digest of the pixels and the answer; this row says whose they are, and whether they may still be
    shown. Its wearer, consent and photo are named by keys that nothing enforces, as a training row's are. `corrections`
    are the keys of those in the answer, `call` is that of the call they correct. `sha256` is of digest and answer.
    """

    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    pixel_sha256 = models.CharField(max_length=64, db_index=True)
    fingerprint = models.CharField(max_length=16)
    answer = models.TextField(help_text="JSON, as versions hold it.")
    corrections = models.JSONField(default=list)
    call = models.UUIDField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, db_constraint=False, on_delete=models.DO_NOTHING, related_name="+"
    )
    consent = models.ForeignKey(
        Consent, db_constraint=False, on_delete=models.DO_NOTHING, related_name="+"
    )
    photo = models.ForeignKey(
        Photo, db_constraint=False, on_delete=models.DO_NOTHING, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = FewShotExampleQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"example {self.pixel_sha256[:7]}"
