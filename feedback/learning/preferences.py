"""What one wearer's signals have taught, read from that wearer's rows and no others."""

from accounts.models import User
from feedback.models import LearningChoices, PreferenceSignal
from styling.learning import lines
from styling.learning.lines import Choices, Line
from styling.learning.signals import Signal
from styling.stylist.preferences import Preferences

MOST_SIGNALS = 500
"""The newest so many count: a fit of them takes a few milliseconds."""


def find_preferences(owner: User) -> Preferences:
    """What the ranking of this wearer's answers goes by from now on."""
    signals = read_signals(owner)
    return lines.find_preferences(signals, read_choices(owner)) if signals else Preferences()


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
