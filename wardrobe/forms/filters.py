"""Looking for garments: the search, its filters and the order."""

from typing import Any, cast

from django import forms
from django.db.models import Case, Count, F, Q, Value, When
from django.http import QueryDict
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.languages.words import quote_words
from accounts.models import User
from accounts.text.fields import TypedField
from wardrobe import vocabulary
from wardrobe.models import Garment, GarmentQuerySet
from wardrobe.vocabulary.search import find_unknown, search_garments

MOST_SUGGESTED = 25


class GarmentFilterForm(forms.Form):
    """What the wearer looks for. A value that makes no sense is left out, not complained about."""

    SORTS: dict[str, tuple[StrOrPromise, tuple[Any, ...]]] = {
        "best": (gettext_lazy("Best match"), ("-relevance", "-created_at", "ordinal")),
        "newest": (gettext_lazy("Newest first"), ("-created_at", "ordinal")),
        "most-worn": (gettext_lazy("Most worn"), ("-wear_count", "name")),
        "unworn": (
            gettext_lazy("Longest unworn"),
            (F("last_worn_on").asc(nulls_first=True), "name"),
        ),
        "colour": (gettext_lazy("By colour"), ("colour_order", "name")),
        "name": (gettext_lazy("By name"), ("name",)),
    }
    STATES: dict[str, tuple[StrOrPromise, Q]] = {
        "favourite": (gettext_lazy("Favourites"), Q(is_favourite=True)),
        "wash": (gettext_lazy("In the wash"), Q(in_wash=True) | Q(washing__gt=0)),
        "elsewhere": (gettext_lazy("In repair or lent"), Q(elsewhere__gt=0)),
        "review": (gettext_lazy("Wants a look"), Q(status=Garment.Status.NEEDS_REVIEW)),
        "archived": (gettext_lazy("Put away"), Q(status=Garment.Status.ARCHIVED)),
    }
    CHIPS = ["colour", "season", "warmth", "formality", "state"]

    q = TypedField(required=False, max_length=100)
    slot = forms.ChoiceField(required=False)
    colour = forms.MultipleChoiceField(
        label=gettext_lazy("Colour"), widget=forms.CheckboxSelectMultiple
    )
    season = forms.MultipleChoiceField(
        label=gettext_lazy("Season"), widget=forms.CheckboxSelectMultiple
    )
    warmth = forms.MultipleChoiceField(
        label=gettext_lazy("Warmth"), widget=forms.CheckboxSelectMultiple
    )
    formality = forms.MultipleChoiceField(
        label=gettext_lazy("Dressed up"), widget=forms.CheckboxSelectMultiple
    )
    state = forms.MultipleChoiceField(
        label=gettext_lazy("State"),
        choices=[(value, label) for value, (label, _) in STATES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    sort = forms.ChoiceField(
        required=False, choices=[(value, label) for value, (label, _) in SORTS.items()]
    )

    def __init__(self, data: QueryDict, *, owner: User) -> None:
        super().__init__(data)
        self.query = data
        self.unknown: list[str] = []
        self.owner = owner
        for name in ("slot", "season", "warmth", "formality"):
            cast(forms.ChoiceField, self.fields[name]).choices = vocabulary.choices(name)
        owned = colours_of(owner)
        colours = [choice for choice in vocabulary.choices("colour") if choice[0] in owned]
        cast(forms.ChoiceField, self.fields["colour"]).choices = colours
        for name in self.CHIPS:
            self.fields[name].required = False
            self.fields[name].widget.attrs["form"] = "find"
        self.full_clean()

    def results(self) -> GarmentQuerySet:
        wanted = self.cleaned_data
        garments = Garment.objects.for_owner(self.owner).select_related("photo")
        if "archived" not in wanted.get("state", []):
            garments = garments.current()
        for state in wanted.get("state", []):
            garments = garments.filter(self.STATES[state][1])
        for name in ("slot", "warmth", "formality"):
            if wanted.get(name):
                garments = garments.filter(**{f"{name}__in": as_list(wanted[name])})
        if wanted.get("season"):
            garments = garments.filter(seasons__overlap=wanted["season"])
        if wanted.get("colour"):
            garments = garments.of_colours(wanted["colour"])
        return self.sorted(self.searched(garments, wanted.get("q", "")))

    def searched(self, garments: GarmentQuerySet, text: str) -> GarmentQuerySet:
        """What has every word; where nothing has, what has those that anything has. The others are `unknown`."""
        found = search_garments(garments, text)
        if text and not found.exists() and (unknown := find_unknown(garments, text)):
            self.unknown = unknown
            return search_garments(garments, text, but_for=unknown)
        return found

    def suggestions(self) -> list[str]:
        """Words to search for that find something: the kinds, colours and makers of what hangs there."""
        garments = Garment.objects.for_owner(self.owner).current().order_by()
        known = vocabulary.terms("type")
        types = garments.values_list("type", flat=True).distinct()
        brands = garments.exclude(brand="").values_list("brand", flat=True).distinct()
        choices = cast(
            "list[tuple[str, str]]", cast(forms.ChoiceField, self.fields["colour"]).choices
        )
        colours = [str(label) for _, label in choices]
        kinds = sorted(known[type_].said for type_ in types if type_ in known)
        words = [*kinds, *colours, *sorted(brands[:MOST_SUGGESTED])]
        return list(dict.fromkeys(words))[: 3 * MOST_SUGGESTED]

    def sorted(self, garments: GarmentQuerySet) -> GarmentQuerySet:
        sort = self.cleaned_data.get("sort") or "best"
        if sort == "colour":
            places = [
                When(colours__0__name=colour, then=Value(place))
                for place, colour in enumerate(vocabulary.values("colour"))
            ]
            garments = garments.annotate(colour_order=Case(*places, default=Value(len(places))))
        return garments.order_by(*self.SORTS[sort][1], "pk")

    def slots(self) -> list[tuple[str, str, int]]:
        """The slots the wearer has something for: value, label, how many."""
        hanging = Garment.objects.for_owner(self.owner).current().order_by()
        counts = dict(hanging.values_list("slot").annotate(Count("pk")))
        return [
            (value, label, counts[value])
            for value, label in vocabulary.choices("slot")
            if value in counts
        ]

    def chosen(self) -> list[tuple[str, str]]:
        """What narrows the view, in words, each with the query string that goes without it."""
        narrowing = []
        for name in ("q", "slot", *self.CHIPS):
            labels = dict(getattr(self.fields[name], "choices", []))
            for value in as_list(self.cleaned_data.get(name) or []):
                words = str(labels.get(value, quote_words(value)))
                narrowing.append((words, self.without(name, value)))
        return narrowing

    def without(self, name: str, value: str) -> str:
        query = self.query.copy()
        query.setlist(name, [other for other in query.getlist(name) if other != value])
        query.pop("page", None)
        return str(query.urlencode())

    def chip_rows(self) -> list[forms.BoundField]:
        return [self[name] for name in self.CHIPS]


def colours_of(owner: User) -> set[str]:
    """The names of the colours in a wardrobe, the put-away ones included."""
    mixes = Garment.objects.for_owner(owner).order_by().values_list("colours", flat=True)
    return {str(colour["name"]) for mix in mixes for colour in mix}


def as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
