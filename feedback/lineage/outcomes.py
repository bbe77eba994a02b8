"""What became of a wearer's own corrections, in the words that they read."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.languages.words import dated
from accounts.models import Consent, User
from feedback.lineage.passages import Role
from feedback.lineage.reading import Arrival, find_arrivals
from feedback.models import Correction
from wardrobe.models import Garment

SHOWN = 10
READS = {
    "digitize_photo": gettext_lazy("what reads your photos"),
    "suggest_outfit": gettext_lazy("your stylist"),
}
"""What a wearer knows of a task."""
SEEN_OTHERWISE = gettext_lazy("We saw it otherwise; in your wardrobe your word stands.")
WORDS = {
    Correction.Review.DISMISSED: SEEN_OTHERWISE,
    Correction.Review.NEITHER: SEEN_OTHERWISE,
    Correction.Review.ACCEPTED: gettext_lazy("You were right. It waits for the next version."),
}


@dataclass(frozen=True)
class Outcome:
    correction: Correction
    words: str


def list_outcomes(owner: User, *, garment: Garment | None = None) -> list[Outcome]:
    """The newest corrections of a wearer, or those of one garment of theirs, and what became of each."""
    corrections = Correction.objects.filter(owner=owner).select_related("garment")
    if garment is not None:
        corrections = corrections.filter(garment=garment)
    newest = list(corrections[:SHOWN])
    has_consented = Consent.objects.given(by=owner).exists()
    arrivals = find_arrivals(newest)
    return [
        Outcome(one, describe(one, arrivals.get(one.pk, []), has_consented=has_consented))
        for one in newest
    ]


def describe(correction: Correction, arrivals: Iterable[Arrival], *, has_consented: bool) -> str:
    """The best that can be said of a correction: in use, in a version, found right, or still waiting. Where reviewers
    saw it otherwise a version has their word of it, and not the wearer's."""
    review = Correction.Review(correction.review)
    if WORDS.get(review) == SEEN_OTHERWISE:
        return str(SEEN_OTHERWISE)
    for arrival in arrivals:
        return describe_arrival(arrival)
    if review in WORDS:
        return str(WORDS[review])
    return _("It waits to be looked at.") if has_consented else _("It changed your wardrobe alone.")


def describe_arrival(arrival: Arrival) -> str:
    version, since = arrival.version, arrival.live_since
    what = READS.get(version.prompt.name, version.prompt.name)
    has_learned = arrival.passage.role == Role.LEARNED
    if since and has_learned:
        said = _("It went into v%(number)s of %(what)s, in use since %(day)s.")
    elif since:
        said = _("It helped to check v%(number)s of %(what)s, in use since %(day)s.")
    elif has_learned:
        said = _("It went into v%(number)s of %(what)s.")
    else:
        said = _("It helped to check v%(number)s of %(what)s.")
    day = dated(since, "j F") if since else ""
    return said % {"number": version.number, "what": what, "day": day}
