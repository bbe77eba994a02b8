"""The form of what must hold of an answer to a wearer's question."""

from typing import Any

from django import forms
from pydantic import ValidationError

from feedback.golden.scenarios import ScenarioDraft
from styling.golden.expectations import OutfitExpectation
from styling.golden.scenarios import Scenario, ScenarioError, check_questions, check_words
from styling.tasks import MISSING_SLOTS
from wardrobe import vocabulary

INPUT = {"class": "o-input"}


def text(label: str, help_text: str = "") -> forms.CharField:
    widget = forms.TextInput(attrs=INPUT)
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=300, widget=widget
    )


def insulation(label: str) -> forms.FloatField:
    widget = forms.NumberInput(attrs={**INPUT, "step": "0.05"})
    return forms.FloatField(label=label, min_value=0, max_value=5, widget=widget)


class ExpectationForm(forms.Form):
    """Rules name garments by key, type or slot, several of them with commas; "boots|sneakers" is either of them."""

    clo_from = insulation("Warmth of all together, from (clo)")
    clo_to = insulation("to")
    formality = forms.MultipleChoiceField(
        label="How dressed up", widget=forms.CheckboxSelectMultiple
    )
    needs = text("Must be worn", "boots|sneakers: either of them")
    never = text("Must not be worn")
    rain_needs = text("Keeps the rain off")
    missing = forms.MultipleChoiceField(
        label="The wardrobe lacks",
        required=False,
        choices=[(slot, slot) for slot in MISSING_SLOTS],
        widget=forms.CheckboxSelectMultiple,
    )
    unsaid = text("Words that the answer must not say")
    likes = text("What the wearer likes")
    dislikes = text("and does not")
    note = text("The wearer’s note")

    def __init__(self, *args: Any, draft: ScenarioDraft, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": draft.proposed, "prefix": "expect", **kwargs})
        self.draft, self.name = draft, name
        self.fields["formality"].choices = vocabulary.choices("formality")  # type: ignore[attr-defined]
        if not draft.is_wet:
            del self.fields["rain_needs"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.scenario = self.make_scenario(data)
            except (ScenarioError, LookupError) as error:
                self.add_error(None, str(error))
            except ValidationError as error:
                self.add_error(None, "; ".join(fault["msg"] for fault in error.errors()))
        return data

    def make_scenario(self, data: dict[str, Any]) -> Scenario:
        """Raises ValidationError of pydantic, ScenarioError."""
        question = self.draft.question
        told = {name: data[name] for name in ("likes", "dislikes")}
        scenario = Scenario(
            key=self.name,
            intent="As a wearer asked it.",
            slices=("production",),
            question=question.model_copy(
                update={
                    "wearer": question.wearer.model_copy(update=told),
                    "event": question.event.model_copy(update={"note": data["note"]}),
                }
            ),
            expected=OutfitExpectation.model_validate(self.list_rules(data)),
        )
        check_words(scenario)
        check_questions(scenario)
        return scenario

    def list_rules(self, data: dict[str, Any]) -> dict[str, Any]:
        rules: dict[str, Any] = {
            "missing": data["missing"],
            "warmth": {"clo": (data["clo_from"], data["clo_to"])},
            "formality": {"among": data["formality"]},
            "truthful": {"unsaid": split(data["unsaid"].casefold())},
        }
        if data["needs"] or data["never"]:
            rules["taste"] = {"needs": split(data["needs"]), "never": split(data["never"])}
        if self.draft.is_wet:
            rules["rain"] = {"needs": split(data["rain_needs"])}
        if self.draft.question.seen:
            rules["variety"] = {}
        return rules


def split(words: str) -> list[str]:
    """What stands between commas; "boots | sneakers," is "boots|sneakers"."""
    entries = ("|".join(filter(None, map(str.strip, one.split("|")))) for one in words.split(","))
    return [entry for entry in entries if entry]
