"""Fields for what people type: cleaned before it is judged, and once more on its way into the database."""

from typing import Any

from django import forms
from django.db import models

from accounts.text.cleaning import clean_text


class TypedField(forms.CharField):
    """Its length and whether it is empty are those of what is left. `one_line=False` for a text area."""

    def __init__(self, *, one_line: bool = True, **options: Any) -> None:
        super().__init__(**options)
        self.one_line = one_line

    def to_python(self, value: Any) -> str | None:
        typed = super().to_python(value)
        return clean_text(typed, one_line=self.one_line) if isinstance(typed, str) else typed


class Typed:
    """For a model's field. Whatever writes the row, a form, an import or a shell, what is kept is clean.

    Migrations know it as Django's own field: the column is the same.
    """

    one_line = True

    def deconstruct(self) -> Any:
        name, _, args, options = super().deconstruct()  # type: ignore[misc]
        kind = "CharField" if self.one_line else "TextField"
        return name, f"django.db.models.{kind}", args, options

    def clean_value(self, value: Any) -> Any:
        return clean_text(value, one_line=self.one_line) if isinstance(value, str) else value

    def to_python(self, value: Any) -> Any:
        return self.clean_value(super().to_python(value))  # type: ignore[misc]

    def get_prep_value(self, value: Any) -> Any:
        return self.clean_value(super().get_prep_value(value))  # type: ignore[misc]

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        """The row in memory has what the database has."""
        value = self.clean_value(super().pre_save(instance, add))  # type: ignore[misc]
        setattr(instance, self.attname, value)  # type: ignore[attr-defined]
        return value

    def formfield(self, **options: Any) -> Any:
        options.setdefault("form_class", TypedField)
        options.setdefault("one_line", self.one_line)
        return super().formfield(**options)  # type: ignore[misc]


class TypedCharField(Typed, models.CharField[str, str]):
    pass


class TypedTextField(Typed, models.TextField[str, str]):
    one_line = False
