"""Why this outfit: what an answer's page says of how it came to be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.languages.words import quote_words, within
from registry.models import InferenceCall
from styling.checks.ticks import list_ticks
from styling.models import Suggestion
from styling.selectors import WeatherView, view_weather
from styling.stylist.preferences import Rejection
from styling.stylist.voices.choice import VOICES
from wardrobe.models import Garment
from wardrobe.services.garments import call

TURNED_DOWN = {
    "too_warm": gettext_lazy("Too warm"),
    "too_cold": gettext_lazy("Too cold"),
    "too_dressed_up": gettext_lazy("Too dressed up"),
    "not_dressed_up": gettext_lazy("Not dressed up enough"),
    "colours": gettext_lazy("Colours"),
    "worn_lately": gettext_lazy("Wore it lately"),
    "one_piece": gettext_lazy("One piece"),
    "not_mine": gettext_lazy("Not mine"),
    "mood": gettext_lazy("Not my mood"),
}
"""Why an outfit may be turned down, as `Rating.Reason` of `feedback` has it."""
LEFT_OUT = tuple(voice.left_out for voice in VOICES.values())
"""How the stylist begins a reason against a garment, in each language: a reason is kept as it was said."""
FEELINGS = {
    -2: gettext_lazy("You are always cold, so two steps warmer."),
    -1: gettext_lazy("You feel the cold, so one step warmer."),
    1: gettext_lazy("You run warm, so one step cooler."),
    2: gettext_lazy("You are always warm, so two steps cooler."),
}


@dataclass(frozen=True)
class Explanation:
    """Why this outfit: only what was stored with it."""

    weather: WeatherView | None
    checks: list[tuple[bool, str]]
    offered: int
    known: dict[str, Any]
    reasons: list[str]
    call: InferenceCall | None
    stopped: list[str] = field(default_factory=list)
    """What the checks kept from the page, in sentences."""
    keep: list[str] = field(default_factory=list)
    """The names of what was asked for,"""
    without: list[str] = field(default_factory=list)
    """and of what was left out for this time."""

    @property
    def facts(self) -> list[str]:
        """What was known of the wearer that day, in sentences."""
        known = self.known
        return [
            *(str(FEELINGS[one]) for one in [known.get("sensitivity", 0)] if one in FEELINGS),
            *(
                said % {"words": words.rstrip(".")}
                for said, words in (
                    (_("You like %(words)s."), known.get("likes")),
                    (_("You would rather not wear %(words)s."), known.get("dislikes")),
                )
                if words
            ),
            *known.get("preferences", {}).get("sentences", ()),
            *say_rejections(known.get("preferences", {}).get("rejections", ())),
            say_repeat_days(known.get("repeat_days", 0)),
        ]

    @property
    def chosen_for(self) -> list[str]:
        """The reasons for the pieces that were chosen."""
        return [reason for reason in self.reasons if not reason.startswith(LEFT_OUT)]

    @property
    def left_out(self) -> list[str]:
        """The reasons against other pieces, and how many could not be offered at all."""
        against = [reason for reason in self.reasons if reason.startswith(LEFT_OUT)]
        states = {
            "in_wash": _("%(count)d in the wash"),
            "lent_out": _("%(count)d lent or in repair"),
            "put_away": _("%(count)d put away"),
            "unreviewed": _("%(count)d not looked at"),
        }
        counts = [
            say % {"count": self.known[key]} for key, say in states.items() if self.known.get(key)
        ]
        return [
            *(strip_mark(reason) for reason in against),
            *([f"{', '.join(counts)}."] if counts else []),
        ]


def strip_mark(reason: str) -> str:
    """A reason against a garment without how it begins."""
    return next(reason.removeprefix(mark) for mark in LEFT_OUT if reason.startswith(mark))


def say_repeat_days(days: int) -> str:
    return ngettext(
        "Nothing comes again within %(days)d day if it can be helped.",
        "Nothing comes again within %(days)d days if it can be helped.",
        days,
    ) % {"days": days}


def say_rejections(rejections: Sequence[dict[str, Any]]) -> list[str]:
    """What was said of outfits that were turned down lately."""
    said = [say_rejection(Rejection.from_json(one)) for one in rejections]
    return [
        _("You turned an outfit down: %(words)s.") % {"words": words} for words in said if words
    ]


def say_rejection(rejection: Rejection) -> str:
    """Its reasons, and the wearer's own words; empty where they said nothing."""
    reasons = [within(str(TURNED_DOWN.get(one) or one)) for one in rejection.reasons]
    comment = [quote_words(rejection.comment)] if rejection.comment else []
    return "; ".join([*filter(None, [", ".join(reasons)]), *comment])


def explain_suggestion(suggestion: Suggestion) -> Explanation:
    asked = {*suggestion.kept, *suggestion.without}
    owned = Garment.objects.for_owner(suggestion.owner).in_bulk(asked) if asked else {}
    return Explanation(
        keep=[call(owned[key]) for key in suggestion.kept if key in owned],
        without=[call(owned[key]) for key in suggestion.without if key in owned],
        weather=view_weather(suggestion.weather, suggestion.known.get("units", "metric")),
        checks=list_checks(suggestion),
        stopped=list_stopped(suggestion),
        offered=len(suggestion.candidates),
        known=suggestion.known,
        reasons=suggestion.reasons,
        call=suggestion.call,
    )


def list_checks(suggestion: Suggestion) -> list[tuple[bool, str]]:
    return list_ticks(suggestion.checked, has_weather=bool(suggestion.weather))


def list_stopped(suggestion: Suggestion) -> list[str]:
    checked = suggestion.checked
    held_back, withheld = checked.get("held_back", 0), checked.get("withheld", 0)
    outfits = ngettext(
        "One outfit was held back before this one.",
        "%(count)d outfits were held back before this one.",
        held_back,
    )
    passages = ngettext(
        "One passage was left out of the text.",
        "%(count)d passages were left out of the text.",
        withheld,
    )
    return [
        *([outfits % {"count": held_back}] if held_back else []),
        *([passages % {"count": withheld}] if withheld else []),
    ]
