"""What people said about the stylist's work: corrections of garments, ratings of outfits, decisions of reviewers."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Consent, User
from accounts.text.fields import TypedTextField
from feedback.values import read_word
from styling.models import Suggestion
from wardrobe.models import Garment

EMPTY_LIST = models.Value([], models.JSONField())


class Correction(models.Model):
    """An attribute that a model set and its wearer changed, with what the model had said.

    `pixel_sha256` is the photo's and `box` the garment's place in it, in fractions: what the model looked at. `call`
    says which engine answered.
    """

    class Review(models.TextChoices):
        PENDING = "pending", "To review"
        ACCEPTED = "accepted", "Accepted"
        DISMISSED = "dismissed", "Dismissed"
        NEITHER = "neither", "Neither was right"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="corrections"
    )
    garment = models.ForeignKey(
        Garment, null=True, on_delete=models.SET_NULL, related_name="corrections"
    )
    field = models.CharField(max_length=32)
    model_value = models.JSONField(null=True)
    user_value = models.JSONField(null=True)
    confidence = models.FloatField(null=True, help_text="The model's, 0 to 1.")
    version = models.ForeignKey(
        "registry.PromptVersion", on_delete=models.PROTECT, related_name="corrections"
    )
    call = models.ForeignKey(
        "registry.InferenceCall", on_delete=models.PROTECT, related_name="corrections"
    )
    pixel_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    box = models.JSONField(default=list, blank=True, db_default=EMPTY_LIST)
    review = models.CharField(max_length=16, choices=Review, default=Review.PENDING)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["version", "field"], name="correction_version_field"),
            models.Index(fields=["created_at"], name="correction_created"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.model_value} → {self.user_value}"


class GarmentSignal(models.Model):
    """What a wearer said of a garment as a whole, once of each kind. It outlives the garment and the photo.

    `type` is what the model called it, or the wearer where the model had missed it. Names are not kept.
    """

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", "All correct"
        RENAMED = "renamed", "Called otherwise"
        MISSED = "missed", "Was not seen"
        NOT_MINE = "not_mine", "Not mine"
        NO_GARMENT = "no_garment", "No garment"
        REMOVED = "removed", "Deleted"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="garment_signals"
    )
    kind = models.CharField(max_length=16, choices=Kind)
    garment_key = models.UUIDField(help_text="The garment's, which may be gone.")
    photo = models.ForeignKey(
        "wardrobe.Photo", null=True, on_delete=models.SET_NULL, related_name="garment_signals"
    )
    pixel_sha256 = models.CharField(max_length=64, blank=True)
    box = models.JSONField(default=list, blank=True)
    type = models.SlugField(max_length=32)
    call = models.ForeignKey(
        "registry.InferenceCall",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="That looked at the photo.",
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["garment_key", "kind"], name="garment_signal_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.type}"


class Rating(models.Model):
    """What a wearer said of one suggestion; one row a suggestion, the last word counts."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", _("Worn")
        REJECTED = "rejected", _("Not for me")

    class Reason(models.TextChoices):
        TOO_WARM = "too_warm", _("Too warm")
        TOO_COLD = "too_cold", _("Too cold")
        TOO_DRESSED_UP = "too_dressed_up", _("Too dressed up")
        NOT_DRESSED_UP = "not_dressed_up", _("Not dressed up enough")
        COLOURS = "colours", _("Colours")
        WORN_LATELY = "worn_lately", _("Wore it lately")
        ONE_PIECE = "one_piece", _("One piece")
        NOT_MINE = "not_mine", _("Not mine")
        MOOD = "mood", _("Not my mood")

    suggestion = models.OneToOneField(Suggestion, on_delete=models.CASCADE, related_name="rating")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ratings"
    )
    version = models.ForeignKey(
        "registry.PromptVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="ratings",
    )
    verdict = models.CharField(max_length=16, choices=Verdict)
    reasons = models.JSONField(default=list, blank=True)
    comment = TypedTextField(max_length=1000, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at"]
        indexes = [
            models.Index(fields=["updated_at"], name="rating_updated"),
            models.Index(fields=["created_at"], name="rating_created"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.suggestion}"


class WornInstead(models.Model):
    """What a wearer wore in the place of a suggested outfit: of the two they prefer `garments`.

    One row a suggestion, the last word counts. The suggestion itself is rejected. A garment that is deleted is gone
    from here, too.
    """

    suggestion = models.OneToOneField(
        Suggestion, on_delete=models.CASCADE, related_name="worn_instead"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="worn_instead"
    )
    garments = models.ManyToManyField(Garment, related_name="worn_instead")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "worn instead"
        ordering = ["-updated_at"]

    def __str__(self) -> str:
        return f"Worn instead: {self.suggestion}"


class ReviewItemQuerySet(models.QuerySet["ReviewItem"]):
    def reviewable(self) -> "ReviewItemQuerySet":
        """Those whose garment is there and whose wearer lets us look at it."""
        consents = Consent.objects.given(by=OuterRef("garment__owner"))
        return self.filter(Exists(consents), garment__photo__isnull=False)

    def waiting(self) -> "ReviewItemQuerySet":
        """Those that nobody has decided, nor settled in the list of corrections."""
        is_open = Q(correction=None) | Q(correction__review=Correction.Review.PENDING)
        return self.reviewable().filter(is_open, decided_at=None)

    def waiting_for(self, reviewer: User) -> "ReviewItemQuerySet":
        """Those that nobody else holds, and of which this reviewer has not said yet what it is."""
        is_free = Q(leased_by=None) | Q(leased_until__lt=Now()) | Q(leased_by=reviewer)
        decided = ReviewDecision.objects.standing().filter(item=OuterRef("pk"), reviewer=reviewer)
        return self.waiting().filter(is_free).exclude(Exists(decided))

    def like(self, item: "ReviewItem") -> "ReviewItemQuerySet":
        """The others with the same confusion: of one attribute, what the model said and what the wearer says."""
        same = {"field": item.field, "model_value": item.model_value}
        if item.correction_id is None:
            same["correction"] = None
        else:
            word = "__0__name" if item.field == "colours" else ""
            same[f"correction__user_value{word}"] = item.user_value
        return self.filter(**same).exclude(pk=item.pk)


class ReviewItem(models.Model):
    """One question for a reviewer: what is this attribute of this garment?

    It goes on to the next reviewer until `opinions` of them have answered. `confidence` is the model's, 0 to 1.
    A garment that is gone leaves the decisions, which hold nothing but words of the vocabulary.
    """

    class Reason(models.TextChoices):
        CORRECTION = "correction", "Corrected"
        DRIFTED = "drifted", "Drifted"
        MARGIN = "margin", "Close calls"
        RANDOM = "random", "Random"

    reason = models.CharField(max_length=16, choices=Reason)
    priority = models.PositiveSmallIntegerField(help_text="The lowest comes first.")
    garment = models.ForeignKey(
        Garment, null=True, on_delete=models.SET_NULL, related_name="review_items"
    )
    correction = models.OneToOneField(
        Correction, null=True, on_delete=models.SET_NULL, related_name="review_item"
    )
    version = models.ForeignKey(
        "registry.PromptVersion", on_delete=models.PROTECT, related_name="+"
    )
    field = models.CharField(max_length=32)
    model_value = models.JSONField(null=True)
    confidence = models.FloatField(null=True)
    opinions = models.PositiveSmallIntegerField(default=1)
    leased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    leased_until = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True, help_text="To whoever holds it.")
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = ReviewItemQuerySet.as_manager()

    class Meta:
        ordering = ["priority", "created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["garment", "field"], name="review_item_once"),
        ]
        indexes = [
            models.Index(
                fields=["priority", "created_at"],
                name="review_waiting",
                condition=Q(decided_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.model_value}"

    @property
    def user_value(self) -> Any:
        """What its wearer says it is, as one word; None if they said nothing."""
        return read_word(self.correction.user_value) if self.correction else None

    @property
    def box(self) -> list[float]:
        """The garment's in per cent of the photo: x, y, width, height; empty for all of it."""
        return [round(100 * value, 2) for value in self.garment.box] if self.garment else []


class ReviewDecisionQuerySet(models.QuerySet["ReviewDecision"]):
    def standing(self) -> "ReviewDecisionQuerySet":
        """Those that nobody took back, without the rows that take back."""
        return self.filter(undoes=None, undone_by=None)


class ReviewDecision(models.Model):
    """What a reviewer said of one item; the database refuses to change it. Taking it back is another row."""

    class Verdict(models.TextChoices):
        MODEL = "model", "The model is right"
        WEARER = "wearer", "The wearer is right"
        OTHER = "other", "Something else"
        UNSURE = "unsure", "Cannot tell"

    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="decisions")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    verdict = models.CharField(max_length=16, choices=Verdict)
    value = models.JSONField(null=True, help_text="What it is, if that can be told.")
    took_ms = models.PositiveIntegerField(
        help_text="From showing the item to the decision; a share of it, if it was one of a batch."
    )
    batch = models.UUIDField(null=True, help_text="The same for what was decided together.")
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = ReviewDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["created_at"], name="decision_created")]

    def __str__(self) -> str:
        return f"{self.item}, {self.verdict}"


class PreferenceSignal(models.Model):
    """What one wearer did with one suggestion, for their own ranking and nobody else's.

    `features` are those of the outfit they judged, or wore instead; `against` those of the suggestion that they
    did not wear, or of the outfit before they swapped pieces. They are as the outfit was when it was suggested, and never computed again. The key orders and
    names signals. `propensity` is the chance with which the suggestion was drawn among near ties.
    """

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", _("Worn")
        REJECTED = "rejected", _("Not for me")
        INSTEAD = "instead", _("Wore something else")
        SWAPPED = "swapped", _("Swapped a piece")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference_signals"
    )
    suggestion = models.OneToOneField(
        Suggestion, on_delete=models.CASCADE, related_name="preference_signal"
    )
    kind = models.CharField(max_length=16, choices=Kind)
    features = models.JSONField(default=dict)
    against = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    propensity = models.FloatField(null=True)
    day = models.DateField(help_text="Of the event.")
    about = models.CharField(max_length=80, help_text="What the wearer dressed for.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["owner", "-id"], name="preference_signal_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.suggestion}"


class LearningChoices(models.Model):
    """What a wearer decided about what was learned of them (`styling.learning.lines.Choices`).

    `previous` are the choices before the last change, as long as it can be taken back.
    """

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="learning_choices"
    )
    choices = models.JSONField(default=dict)
    previous = models.JSONField(null=True)

    class Meta:
        verbose_name_plural = "learning choices"

    def __str__(self) -> str:
        return f"Choices of {self.owner_id}"


class Proposal(models.Model):
    """A draft that the system wrote by itself, what it changes, and the corrections that it goes back to."""

    version = models.OneToOneField(
        "registry.PromptVersion", on_delete=models.PROTECT, related_name="proposal"
    )
    base = models.ForeignKey(
        "registry.PromptVersion", on_delete=models.PROTECT, related_name="proposals_from"
    )
    corrections = models.ManyToManyField(Correction, related_name="proposals")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Proposal {self.version}"
