"""A table that somebody brings: as a file first, then as its text with what each column stands for."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wardrobe.tables import reading
from wardrobe.tables.columns import COLUMNS, guess_columns
from wardrobe.tables.reading import Table, TableError

NOTHING = ("", gettext_lazy("Leave out"))


class TableForm(forms.Form):
    """`table` is what was read of either; `columns` the attributes of its columns, guessed from the headings until
    somebody says otherwise.
    """

    file = forms.FileField(label=gettext_lazy("A CSV file"), required=False, allow_empty_file=True)
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    table: Table | None = None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        try:
            data["text"] = self.read_text(data)
            self.table = reading.read_table(data["text"])
        except TableError as error:
            self.add_error("file", str(error))
        return data

    def read_text(self, data: dict[str, Any]) -> str:
        file = cast("UploadedFile[bytes] | None", data.get("file"))
        if file:
            return reading.decode(file.read(reading.MOST_BYTES + 1))
        if not data.get("text"):
            raise TableError(_("Choose a file first."))
        return reading.decode(str(data["text"]).encode())


class ColumnsForm(forms.Form):
    """What each column of a table stands for: one choice a column, none twice."""

    def __init__(self, data: Any = None, *, table: Table) -> None:
        super().__init__(data)
        self.table = table
        choices = [NOTHING, *((column.name, column.said) for column in COLUMNS)]
        for place, guess in enumerate(guess_columns(table.headings)):
            field = forms.ChoiceField(
                label=table.headings[place] or _("Column %(number)s") % {"number": place + 1},
                choices=choices,
                required=False,
                initial=guess,
                widget=forms.Select(attrs={"class": "input"}),
            )
            self.fields[f"column_{place}"] = field

    @property
    def columns(self) -> list[str]:
        """As somebody said, or as it is guessed."""
        values = self.cleaned_data if self.is_bound else self.initial_values()
        return [str(values.get(name, "")) for name in self.fields]

    def initial_values(self) -> dict[str, Any]:
        return {name: field.initial for name, field in self.fields.items()}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        chosen = [value for value in data.values() if value]
        twice = [column.said for column in COLUMNS if chosen.count(column.name) > 1]
        if twice:
            raise ValidationError(
                _("Two columns stand for: %(what)s.") % {"what": ", ".join(twice)}
            )
        if not self.errors and "type" not in chosen:
            raise ValidationError(_("Say which column holds the kind of piece."))
        return data
