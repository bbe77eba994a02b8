"""What one wearer's signals have taught, read from that wearer's rows and no others."""

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from feedback.models import LearningChoices, PreferenceSignal, Rating
from styling.learning import lines
from styling.learning.lines import Choices, Line
from styling.learning.signals import Signal
from styling.stylist.preferences import Preferences, Rejection

RECENT = timedelta(days=7)
"""So long an outfit that was turned down counts at once, beside what is learned of it."""
MOST_REJECTIONS = 20
MOST_SIGNALS = 500
"""The newest so many count: a fit of them takes a few milliseconds."""


def find_preferences(owner: User) -> Preferences:
    """What the ranking of this wearer's answers goes by from now on."""
    signals, choices = read_signals(owner), read_choices(owner)
    learned = lines.find_preferences(signals, choices) if signals else Preferences()
    return replace(learned, rejections=find_rejections(owner, choices))


def find_rejections(owner: User, choices: Choices) -> tuple[Rejection, ...]:
    """The outfits that were turned down lately, the newest first; none that was forgotten, and none at all while
    learning is switched off."""
    if not choices.is_on:
        return ()
    since = timezone.now() - RECENT
    ratings = Rating.objects.filter(
        owner=owner, verdict=Rating.Verdict.REJECTED, updated_at__gte=since
    ).select_related("suggestion__preference_signal")
    return tuple(
        Rejection(
            frozenset(str(garment.pk) for garment in rating.suggestion.garments.all()),
            tuple(rating.reasons),
            rating.comment,
        )
        for rating in ratings.prefetch_related("suggestion__garments")[:MOST_REJECTIONS]
        if is_remembered(rating, choices)
    )


def is_remembered(rating: Rating, choices: Choices) -> bool:
    """A rating that says nothing of taste has no signal, and none that could be forgotten."""
    signal = getattr(rating.suggestion, "preference_signal", None)
    if signal is None:
        return bool(rating.reasons == [Rating.Reason.NOT_MINE])
    return choices.keeps(signal.pk)


def learn_lines(owner: User) -> list[Line]:
    """The lines of the page, those that are switched off among them."""
    return lines.learn_lines(read_signals(owner), read_choices(owner))


def read_choices(owner: User) -> Choices:
    row = LearningChoices.objects.filter(owner=owner).first()
    return Choices.model_validate(row.choices) if row else Choices()


def read_signals(owner: User) -> list[Signal]:
    """The newest signals, oldest first."""
    rows = PreferenceSignal.objects.filter(owner=owner).order_by("-pk")[:MOST_SIGNALS]
    return [
        Signal(
            number=row.pk,
            kind=row.kind,
            features=row.features,
            against=row.against,
            reasons=tuple(row.reasons),
            day=row.day,
            about=row.about,
        )
        for row in reversed(rows)
    ]
