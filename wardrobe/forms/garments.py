from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.languages.words import within
from accounts.text.fields import TypedField
from accounts.text.selects import LongSelect
from wardrobe import vocabulary
from wardrobe.models import Garment
from wardrobe.prices.currencies import is_currency, list_currencies
from wardrobe.services.garments import call
from wardrobe.vocabulary import MOST_COLOURS, OF_SOME_SLOTS

Choice = tuple[str, StrOrPromise]
Group = tuple[str, list[Choice]]

NOT_KNOWN: Choice = ("", gettext_lazy("Not known"))
AS_USUAL: Choice = ("", gettext_lazy("As usual for its kind"))
RAIN = [("yes", gettext_lazy("Keeps rain off")), ("no", gettext_lazy("Lets it through"))]
# Which kind of word each attribute is described with.
KINDS = {
    "type": "type",
    "colours": "colour",
    "pattern": "pattern",
    "material": "material",
    "warmth": "warmth",
    "layering": "layering",
    "formality": "formality",
    "fit": "fit",
    "sleeve": "sleeve",
    "length": "length",
    "seasons": "season",
    "occasions": "event",
    "style_tags": "style",
}


@dataclass(frozen=True)
class FieldRow:
    """One attribute on the page: its control, how settled it is, and what the model had thought."""

    field: forms.BoundField
    sureness: str
    thought: str = ""
    said: str = ""

    @property
    def shape(self) -> str:
        if self.field.name == "colours":
            return "colours"
        widget = self.field.field.widget
        return "chips" if isinstance(widget, forms.CheckboxSelectMultiple) else "control"


class GarmentForm(forms.Form):
    """All that a wearer may say of a garment; with `only`, one attribute of it.

    Of what has no sleeves or legs none are asked.
    """

    name = TypedField(label=gettext_lazy("Name"), max_length=120)
    type = forms.ChoiceField(label=gettext_lazy("Kind"), widget=LongSelect)
    colours = forms.MultipleChoiceField(
        label=gettext_lazy("Colour"), required=False, widget=forms.CheckboxSelectMultiple
    )
    pattern = forms.ChoiceField(label=gettext_lazy("Pattern"), required=False, widget=LongSelect)
    sleeve = forms.ChoiceField(label=gettext_lazy("Sleeves"), required=False, widget=LongSelect)
    length = forms.ChoiceField(label=gettext_lazy("Length"), required=False, widget=LongSelect)
    material = forms.ChoiceField(label=gettext_lazy("Cloth"), required=False, widget=LongSelect)
    warmth = forms.ChoiceField(label=gettext_lazy("Warmth"), required=False, widget=LongSelect)
    water_resistant = forms.TypedChoiceField(
        label=gettext_lazy("Rain"),
        choices=RAIN,
        coerce=lambda value: value == "yes",
        empty_value=None,
    )
    formality = forms.ChoiceField(
        label=gettext_lazy("Dressed up"), required=False, widget=LongSelect
    )
    seasons = forms.MultipleChoiceField(
        label=gettext_lazy("Seasons"), required=False, widget=forms.CheckboxSelectMultiple
    )
    fit = forms.ChoiceField(label=gettext_lazy("Fit"), required=False, widget=LongSelect)
    layering = forms.ChoiceField(
        label=pgettext_lazy("layer", "Worn"), required=False, widget=LongSelect
    )
    occasions = forms.MultipleChoiceField(
        label=gettext_lazy("Good for"), required=False, widget=forms.CheckboxSelectMultiple
    )
    style_tags = forms.MultipleChoiceField(
        label=gettext_lazy("Style"), required=False, widget=forms.CheckboxSelectMultiple
    )
    brand = TypedField(label=gettext_lazy("Brand"), max_length=80, required=False)
    price = forms.DecimalField(
        label=gettext_lazy("Price of one"),
        max_digits=9,
        decimal_places=2,
        min_value=0,
        required=False,
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), required=False, widget=LongSelect)
    quantity = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=99)
    notes = TypedField(
        one_line=False,
        label=gettext_lazy("Notes"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 1}),
    )

    def __init__(
        self,
        *args: Any,
        garment: Garment,
        only: Iterable[str] | None = None,
        control_class: str = "field__input",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"initial": initial_values(garment), **kwargs})
        self.garment = garment
        self.sureness = {name: garment.sureness(name) for name in self.fields}
        wanted = set(self.fields if only is None else only)
        for name in set(self.fields) - wanted.difference(vocabulary.list_unsuited(garment.slot)):
            del self.fields[name]
        if "currency" in self.fields:
            offer_currencies(cast(forms.ChoiceField, self.fields["currency"]), garment.currency)
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField) and name in KINDS:
                offer_terms(field, name, self.initial[name])
            if not isinstance(field.widget, forms.CheckboxSelectMultiple):
                field.widget.attrs.setdefault("class", control_class)

    def clean_colours(self) -> list[dict[str, Any]]:
        names = self.cleaned_data["colours"]
        if len(names) > MOST_COLOURS:
            raise ValidationError(_("Five colours at most: the ones one sees first."))
        return mix_colours(self.garment.colours, names)

    def clean_name(self) -> str:
        """What is shown of a name that nobody gave is no name that somebody gives."""
        name: str = self.cleaned_data["name"]
        return self.garment.name if name == call(self.garment) else name

    def rows(self, *names: str) -> Iterator[FieldRow]:
        for name in names or self.fields:
            if name in self.fields:
                yield self.row(name)

    def row(self, name: str) -> FieldRow:
        said, thought = "", ""
        if name in self.garment.model_values:
            thought = describe(name, self.garment.model_values[name])
            said = describe(name, getattr(self.garment, name))
        return FieldRow(self[name], self.sureness[name], thought, said)


def initial_values(garment: Garment) -> dict[str, Any]:
    values = {name: getattr(garment, name) for name in GarmentForm.base_fields}
    values["name"] = call(garment)
    values["colours"] = [colour["name"] for colour in garment.colours]
    values["water_resistant"] = "yes" if garment.water_resistant else "no"
    return values


def describe_sent(garment: Garment, names: Iterable[str]) -> dict[str, str | list[str]]:
    """What the form would send of it as it is."""
    values = initial_values(garment) | {"name": garment.name}
    told: dict[str, str | list[str]] = {}
    for name in names:
        value = values[name]
        is_list = isinstance(value, list)
        told[name] = [*value] if is_list else "" if value is None else str(value)
    return told


def offer_currencies(field: forms.ChoiceField, current: str) -> None:
    """Those that are paid with today, and one that a piece has of before."""
    known = list_currencies()
    extra = [] if not current or is_currency(current) else [(current, current)]
    field.choices = [("", _("Not told")), *known, *extra]


def offer_terms(field: forms.ChoiceField, name: str, current: Any) -> None:
    """The vocabulary's words; a word in use that was retired stays on offer, so none is lost."""
    offered: list[Choice] = [*vocabulary.choices(KINDS[name])]
    used = [current] if isinstance(current, str) else current
    known = {value for value, _ in offered}
    extra = [(value, describe(name, value)) for value in used if value and value not in known]
    if name == "type":
        field.choices = [*types_by_slot(), *extra]
    elif isinstance(field, forms.MultipleChoiceField):
        field.choices = [*offered, *extra]
    else:
        field.choices = [NOT_KNOWN, *offered, *extra]


def types_by_slot() -> list[Group]:
    types = vocabulary.terms("type").values()
    return [
        (slot.said, [(type_.value, type_.said) for type_ in types if type_.slot == slot.value])
        for slot in vocabulary.terms("slot").values()
    ]


def describe(name: str, value: Any) -> str:
    """An attribute's value in words."""
    if name == "water_resistant":
        return _("keeps rain off") if value else _("lets it through")
    values = [value] if isinstance(value, str) else value
    names = [item["name"] if isinstance(item, dict) else str(item) for item in values]
    terms = vocabulary.terms(KINDS.get(name, ""))
    words = [within(terms[item].said) if item in terms else item for item in names]
    return ", ".join(words) or _("nothing")


def mix_colours(colours: list[dict[str, Any]], names: list[str]) -> list[dict[str, Any]]:
    """The named colours, largest share first. Those that were measured keep hex and share; the
    rest look as the palette says and take an equal part.
    """
    measured = {colour["name"]: colour for colour in colours}
    if set(measured) == set(names):
        return colours
    chosen = [
        measured.get(name) or {"name": name, "hex": vocabulary.hex_of(name)} for name in names
    ]
    shares = [float(colour.get("share") or 1 / len(names)) for colour in chosen]
    mixed = [
        {**colour, "share": round(share / sum(shares), 3)}
        for colour, share in zip(chosen, shares, strict=True)
    ]
    return sorted(mixed, key=lambda colour: -colour["share"])


class NewGarmentForm(GarmentForm):
    """A garment without a photo that could be read: what the stylist needs to know of it."""

    name = TypedField(
        label=gettext_lazy("Name"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Empty: after its colour and kind."),
    )

    field_order = (
        "type",
        "colours",
        "warmth",
        "formality",
        "seasons",
        "material",
        "pattern",
        *OF_SOME_SLOTS,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        only = ["name", "type", "colours", "pattern", "material", "warmth", *OF_SOME_SLOTS]
        only += ["water_resistant", "formality", "seasons"]
        super().__init__(*args, garment=Garment(), only=only, control_class="input", **kwargs)
        type_, rain = (
            cast(forms.ChoiceField, self.fields[name]) for name in ("type", "water_resistant")
        )
        type_.choices = [("", _("Choose one")), *types_by_slot()]
        rain.choices, rain.required = [AS_USUAL, *RAIN], False
        self.initial["water_resistant"] = ""
        for name in ("warmth", "formality"):
            as_usual = [AS_USUAL, *vocabulary.choices(name)]
            cast(forms.ChoiceField, self.fields[name]).choices = as_usual

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        slot = vocabulary.slot_of(data["type"]) if "type" in data else ""
        data.update(dict.fromkeys(vocabulary.list_unsuited(slot), ""))
        return data
