"""Events, what was suggested for them, and the pieces of it."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from accounts.models import User
from accounts.text.fields import TypedCharField
from styling.models.shown import ShownManager
from wardrobe.models import Garment


class Event(models.Model):
    """What the wearer dresses for. Times are local to the place."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="events"
    )
    kind = models.SlugField(max_length=32, help_text="A vocabulary event, e.g. business.")
    date = models.DateField()
    starts_at = models.TimeField()
    ends_at = models.TimeField(help_text="Before the start: on the next day.")
    place = models.CharField(max_length=120, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    note = TypedCharField(max_length=300, blank=True, help_text="In the wearer's words.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["date"], name="event_by_day"),
            models.Index(fields=["owner", "date"], name="event_of_owner_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.date}"


def picture_path(suggestion: "Suggestion", filename: str) -> str:
    return f"looks/{suggestion.owner_id}/{suggestion.pk}/{filename}"


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def for_owner(self, owner: User) -> "SuggestionQuerySet":
        return self.filter(owner=owner)

    def by_day_of(self, owner: User) -> "SuggestionQuerySet":
        """Theirs, to be filtered by the days of their events: an index has those by owner and day, and however many outfits
        there are, no other is looked at. An event is of whoever asked."""
        return self.filter(owner=owner, event__owner=owner)

    def open(self) -> "SuggestionQuerySet":
        return self.filter(status=Suggestion.Status.OPEN)

    def worn(self, today: date) -> "SuggestionQuerySet":
        """Accepted for a day that has come; for one to come it is planned."""
        return self.filter(verdict=Suggestion.Verdict.ACCEPTED, event__date__lte=today)

    def laid(self) -> "SuggestionQuerySet":
        """Those that have pieces, whether or not all of them are still shown."""
        pieces: Any = OutfitPiece._base_manager.filter(suggestion=OuterRef("pk"))
        return self.filter(Exists(pieces))

    def briefly(self) -> "SuggestionQuerySet":
        """For lists of many: without what was said, offered and streamed, which is read once it is asked for."""
        return self.defer(
            "known", "candidates", "prose", "reasons", "missing", "events", "checked", "swaps"
        )


class Suggestion(models.Model):
    """One answer to "what should I wear?", with all that is needed to explain it.

    `weather` is the snapshot that was used (features of the event's window, or what the wearer
    stated, or empty: none, and `no_forecast` says why). `candidates` lists the garment ids that
    were offered to the stylist, `known` what else it was told: `{"sensitivity", "likes",
    "dislikes", "repeat_days", "units", "language" (in which it is answered), "owned", "in_wash", "lent_out", "put_away",
    "unreviewed"}`, and "preferences" where the wearer's signals have taught any, and "own_only" where they asked for no
    piece of the household's. `events` is the stored transcript of the stream, `[{"seq": 1, "type": …}, …]`, written
    once when it ends.
    `checked` says what the checks found: `{"judged": how the outfit stands (`Judgement`), "faults": codes of what is shown with a fault, "withheld":
    clauses of the prose that are not shown, "held_back": answers that are not}`; empty for what was not judged.
    `swaps` are `{"out": id, "in": id, "before": {"prose", "reasons", "missing", "checked"}}`.
    `attempt` is the fence of the process that generates it; `interrupt` asks that process to end.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Being written"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"
        STOPPED = "stopped", "Stopped"

    class Interrupt(models.TextChoices):
        NONE = "", "None"
        STOP = "stop", "Stopped by the wearer"
        CROWDED = "crowded", "Too many at once"

    class Verdict(models.TextChoices):
        NONE = "", "No verdict"
        ACCEPTED = "accepted", "Worn"
        REJECTED = "rejected", "Not for me"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="suggestions"
    )
    request_key = models.UUIDField(help_text="Chosen by the browser: a repeat is the same request.")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="suggestions")
    previous = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="next",
        help_text="The answer that “Another one” was asked on.",
    )
    start_from = models.ForeignKey(
        Garment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kept = ArrayField(
        models.UUIDField(),
        default=list,
        db_default=[],
        blank=True,
        help_text="Garments that the wearer wants in it, whatever else it holds.",
    )
    without = ArrayField(
        models.UUIDField(),
        default=list,
        db_default=[],
        blank=True,
        help_text="Garments that the wearer leaves out of it and of what is asked after it.",
    )
    swaps = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        blank=True,
        help_text="What the wearer swapped, the last one last, each with what it takes to undo it.",
    )
    picture = models.ImageField(
        upload_to=picture_path,
        blank=True,
        max_length=200,
        default="",
        db_default="",
        help_text="The pieces as they lie.",
    )
    status = models.CharField(max_length=16, choices=Status, default=Status.OPEN)
    verdict = models.CharField(max_length=16, choices=Verdict, default=Verdict.NONE, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    interrupt = models.CharField(
        max_length=16, choices=Interrupt, default=Interrupt.NONE, blank=True
    )
    traceparent = models.CharField(
        max_length=55,
        blank=True,
        db_default="",
        default="",
        editable=False,
        help_text="The trace of the request that asked.",
    )

    weather = models.JSONField(default=dict, blank=True)
    no_forecast = models.CharField(
        max_length=32, blank=True, help_text="Why there is none: too_far, unavailable, …"
    )
    known = models.JSONField(default=dict, blank=True)
    candidates = ArrayField(models.UUIDField(), default=list)
    seed = models.BigIntegerField(default=0)
    prose = models.TextField(blank=True)
    reasons = models.JSONField(default=list, help_text="The terms that decided, in words.")
    missing = models.JSONField(default=list, help_text="Slots that the wardrobe could not fill.")
    events = models.JSONField(default=list)
    checked = models.JSONField(default=dict, blank=True)
    first_word_ms = models.FloatField(
        "time to the first word (ms)", null=True, blank=True, help_text="As the wearer saw it."
    )
    call = models.ForeignKey(
        "registry.InferenceCall",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    garments = models.ManyToManyField(Garment, through="OutfitPiece", related_name="suggestions")
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "request_key"], name="suggestion_once")
        ]
        indexes = [
            models.Index(F("owner"), F("created_at").desc(), name="suggestion_history"),
            models.Index(
                fields=["leased_until"],
                name="suggestion_open",
                condition=Q(status="open"),
            ),
            models.Index(
                fields=["-created_at"],
                name="suggestion_unpictured",
                condition=Q(picture=""),
            ),
            GinIndex(fields=["candidates"], name="suggestion_candidates"),
        ]

    def __str__(self) -> str:
        return f"{self.event} ({self.get_status_display()})"

    @property
    def is_planned(self) -> bool:
        """Accepted for a day that has not come where the wearer is."""
        return self.verdict == self.Verdict.ACCEPTED and self.event.date > self.owner.today


class ShownOutfitPieces(ShownManager["OutfitPiece"]):
    outfit = "suggestion"


class OutfitPiece(models.Model):
    """A garment in a suggestion's outfit. Deleting a garment, or taking it off a shared shelf, keeps the rest of it."""

    suggestion = models.ForeignKey(Suggestion, on_delete=models.CASCADE, related_name="pieces")
    garment = models.ForeignKey(Garment, on_delete=models.CASCADE, related_name="outfit_pieces")
    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(0)])
    slot = models.SlugField(max_length=32)

    objects = ShownOutfitPieces()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "garment"], name="piece_once"),
        ]

    def __str__(self) -> str:
        return f"{self.slot}: {self.garment}"
