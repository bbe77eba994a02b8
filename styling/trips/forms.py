from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from accounts.text.fields import TypedField
from styling.forms import FARTHEST, choose_place
from styling.models import Trip
from styling.services.profiles import get_profile
from styling.trips.service import (
    MOST_DAYS,
    MOST_LEGS,
    MOST_OCCASIONS_A_DAY,
    USUAL,
    Stay,
    TripPlan,
)
from styling.weather.kinds import say_kind
from styling.weather.model import RAINS, TEMPERATURES
from styling.weather.places import Place
from wardrobe import vocabulary


def list_expected() -> list[tuple[str, str]]:
    """Kinds of warmth that a wearer may expect, as choices."""
    return [("", _("No idea")), *((name, say_kind(name)) for name in TEMPERATURES)]


def list_falling() -> list[tuple[str, str]]:
    return [(name, say_kind(name)) for name in RAINS]


def day_input() -> forms.DateInput:
    return forms.DateInput({"type": "date", "class": "input num"}, format="%Y-%m-%d")


class TripDatesForm(forms.Form):
    """From when until when."""

    starts_on = forms.DateField(
        label=gettext_lazy("First day"),
        widget=day_input(),
        error_messages={"required": gettext_lazy("From which day?")},
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=day_input(),
        error_messages={"required": gettext_lazy("Until which day?")},
    )

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner, self.profile = owner, get_profile(owner)
        self.possible_places: list[str] = []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last:
            self.check_days(first, last)
        return data

    def check_days(self, first: date, last: date) -> None:
        if last < first:
            self.add_error("ends_on", _("It ends before it begins."))
        elif (last - first).days >= MOST_DAYS:
            self.add_error(
                "ends_on",
                _("%(most)d days at most: plan a longer one in parts.") % {"most": MOST_DAYS},
            )
        elif last < self.owner.today:
            self.add_error("ends_on", _("Those days are over."))
        elif first > self.owner.today + FARTHEST:
            self.add_error("starts_on", _("That is more than a year away."))

    def find_place(self, name: str, text: str) -> Place | None:
        """The place that was typed; with an error on the field, and what it could be, where it is not clear."""
        try:
            return choose_place(text.strip(), self.profile)
        except ValidationError as error:
            self.possible_places = (error.params or {}).get("places", [])
            self.add_error(name, error)
            return None


class NewTripForm(TripDatesForm):
    place = TypedField(label=gettext_lazy("Where to?"), required=False, max_length=120)
    place_choice = forms.CharField(required=False, max_length=120)
    field_order = ("place", "starts_on", "ends_on")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        text = data.get("place_choice") or data.get("place") or ""
        data["place"] = self.find_place("place", text) if text else None
        if not text:
            self.add_error("place", _("Where are you going?"))
        return data


class StayForm(forms.Form):
    """One place of a trip; an empty one is none."""

    place = TypedField(label=gettext_lazy("Place"), required=False, max_length=120)
    starts_on = forms.DateField(
        label=pgettext_lazy("day", "From"), required=False, widget=day_input()
    )
    temperature = forms.ChoiceField(
        label=gettext_lazy("You expect"),
        choices=list_expected,
        required=False,
        widget=forms.Select({"class": "input"}),
    )
    rain = forms.ChoiceField(
        label=gettext_lazy("and"),
        choices=list_falling,
        required=False,
        widget=forms.Select({"class": "input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].widget.attrs |= {"class": "input", "list": "known-places"}


class TripForm(TripDatesForm):
    """Everything about a trip: name, days, places, what for on each day, and when clothes are washed."""

    name = TypedField(
        label=gettext_lazy("Name"), max_length=80, widget=forms.TextInput({"class": "input"})
    )
    field_order = ("name", "starts_on", "ends_on")

    def __init__(self, data: QueryDict | None = None, *, trip: Trip) -> None:
        initial = {"name": trip.name, "starts_on": trip.starts_on, "ends_on": trip.ends_on}
        super().__init__(data, owner=trip.owner, initial=initial)
        self.trip, self.query = trip, data
        self.moved = timedelta()
        legs = list(trip.legs.all())
        rows = [
            {
                "place": leg.place,
                "starts_on": leg.starts_on,
                "temperature": leg.temperature,
                "rain": leg.rain or "dry",
            }
            for leg in legs
        ]
        count = min(len(rows) + 1, MOST_LEGS)
        self.stays = [
            StayForm(data, prefix=f"stay-{at}", initial=rows[at] if at < len(rows) else {})
            for at in range(count)
        ]
        self.kinds: dict[date, list[str]] = {}
        for occasion in trip.occasions.all():
            self.kinds.setdefault(occasion.day, []).append(occasion.kind)

    @staticmethod
    def describe(trip: Trip) -> dict[str, str | list[str]]:
        """A trip as its form would send it."""
        told: dict[str, str | list[str]] = {
            "name": trip.name,
            "starts_on": trip.starts_on.isoformat(),
            "ends_on": trip.ends_on.isoformat(),
            **{f"wash-{day}": "on" for day in trip.wash_days},
        }
        for at, leg in enumerate(trip.legs.all()):
            told |= {
                f"stay-{at}-place": leg.place,
                f"stay-{at}-starts_on": leg.starts_on.isoformat(),
                f"stay-{at}-temperature": leg.temperature,
                f"stay-{at}-rain": leg.rain,
            }
        for one in trip.occasions.all():
            told[f"for-{one.day}"] = [*told.get(f"for-{one.day}", []), one.kind]
        return told

    def days(self) -> Iterator[dict[str, Any]]:
        """What the page shows of each day: its date, the names of its fields, and what is chosen."""
        for day in self.trip.days:
            chosen = (
                self.query.getlist(f"for-{day}") if self.query else self.kinds.get(day, [USUAL])
            )
            washed = f"wash-{day}" in self.query if self.query else day in self.trip.wash_days
            kinds = [(kind, label, kind in chosen) for kind, label in vocabulary.choices("event")]
            yield {"day": day, "kinds": kinds, "is_wash": washed}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.moved = self.find_move(data)
        data["stays"] = self.clean_stays(data)
        return data

    def find_move(self, data: dict[str, Any]) -> timedelta:
        """By how much all of the trip is earlier or later than it was; nought where it got longer or shorter. The page
        names days as they were."""
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last - first == self.trip.ends_on - self.trip.starts_on:
            return timedelta(days=(first - self.trip.starts_on).days)
        return timedelta()

    def clean_stays(self, data: dict[str, Any]) -> list[Stay]:
        """The places in order of their days, the first from the first day on."""
        first, last = data.get("starts_on"), data.get("ends_on")
        found: list[Stay] = []
        for at, form in enumerate(self.stays):
            if not form.is_valid():
                self.add_error(None, _("Look at the places once more."))
                continue
            text = (form.cleaned_data.get("place") or "").strip()
            if not text:
                continue
            place = self.read_place(form, text)
            day = form.cleaned_data.get("starts_on") if at else first
            if place is None or (at == 0 and first is None):
                continue
            if at and day and "starts_on" not in form.changed_data:
                day += self.moved
            if day is None or (first and last and not first <= day <= last):
                form.add_error("starts_on", _("From which day of the trip?"))
                self.add_error(None, _("Look at the places once more."))
                continue
            rain = form.cleaned_data.get("rain") or "dry"
            found.append(Stay(place, day, form.cleaned_data.get("temperature") or "", rain))
        if not found and not self.errors:
            self.add_error(None, _("A trip goes somewhere: name a place."))
        if len({stay.starts_on for stay in found}) < len(found):
            self.add_error(None, _("Two places from one day on: leave one out."))
        return sorted(found, key=lambda stay: stay.starts_on)

    def read_place(self, form: StayForm, text: str) -> Place | None:
        known = next((leg for leg in self.trip.legs.all() if leg.place == text), None)
        if known:
            return Place(text, known.latitude, known.longitude, known.time_zone, "")
        try:
            return choose_place(text, self.profile)
        except ValidationError as error:
            self.possible_places = (error.params or {}).get("places", [])
            form.add_error("place", error)
            self.add_error(None, _("Look at the places once more."))
            return None

    @property
    def plan(self) -> TripPlan:
        data, query = self.cleaned_data, self.query or QueryDict()
        count = (data["ends_on"] - data["starts_on"]).days + 1
        days = [data["starts_on"] + timedelta(days=at) for at in range(count)]
        known = vocabulary.values("event")
        return TripPlan(
            name=data["name"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            stays=data["stays"],
            occasions={
                day: [kind for kind in query.getlist(f"for-{day - self.moved}") if kind in known][
                    :MOST_OCCASIONS_A_DAY
                ]
                for day in days
            },
            wash_days=[day for day in days if f"wash-{day - self.moved}" in query],
        )
