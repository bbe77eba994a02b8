"""Attempts to add a photo."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from wardrobe.models.photos import Photo


class UploadEvent(models.Model):
    """One attempt to add a photo, refused ones too: what the file was, and no word or pixel of it.

    What the header says is written at once; colour profile, brightness and blur when the photo is
    rendered. A photo that only the decoder can refuse turns its event into a refused one.
    """

    class Outcome(models.TextChoices):
        ADMITTED = "admitted", "Admitted"
        DUPLICATE = "duplicate", "Known already"
        REFUSED = "refused", "Refused"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    photo = models.ForeignKey(
        Photo, null=True, blank=True, on_delete=models.SET_NULL, related_name="uploads"
    )
    outcome = models.CharField(max_length=16, choices=Outcome)
    refusal = models.CharField(max_length=48, blank=True, help_text="The code, e.g. too_large.")
    format = models.CharField(
        max_length=32,
        blank=True,
        help_text="By content, also what we cannot read: jpeg, jpeg-xl, …",
    )
    bytes = models.PositiveBigIntegerField(help_text="Of a request refused whole: all of it.")
    megapixels = models.FloatField(null=True, blank=True)
    aspect = models.FloatField("width / height", null=True, blank=True, help_text="As stored.")
    colour_profile = models.CharField(
        max_length=16, blank=True, help_text="srgb, display-p3, adobe-rgb, other or none."
    )
    brightness = models.FloatField(null=True, blank=True, help_text="Mean luma, 0 to 255.")
    blur = models.FloatField(
        "variance of the Laplacian", null=True, blank=True, help_text="Lower is more blurred."
    )
    camera = models.CharField(
        "camera family", max_length=16, blank=True, help_text="By its maker; empty: not told."
    )
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.format or 'file'} ({self.get_outcome_display()})"
