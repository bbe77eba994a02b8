"""How forms say what is wrong, so that nobody misses it: every form of the product is rendered with this."""

from typing import Any

from django.forms import Widget
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.renderers import DjangoTemplates
from django.utils.functional import cached_property


class SeenField(BoundField):
    """A field whose error has the id `AUTO_ID_error`. The first field with one gets the focus.

    Each control names its error as its description, those of a group, such as chips, too.
    """

    @property
    def focus_id(self) -> str:
        """What a link to the field leads to: its control, of several the first."""
        return self.id_for_label or (f"{self.auto_id}_0" if self.use_fieldset else self.auto_id)

    @property
    def is_first_error(self) -> bool:
        if not self.errors or self.is_hidden:
            return False
        shown = (field.name for field in self.form.visible_fields() if field.errors)
        return next(shown, None) == self.name

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: Widget | None = None
    ) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        if self.errors and self.use_fieldset:
            attrs.setdefault("aria-describedby", f"{self.auto_id}_error")
        if self.is_first_error:
            attrs["autofocus"] = True
        return attrs

    @cached_property
    def subwidgets(self) -> list[BoundWidget]:
        widgets: list[BoundWidget] = super().subwidgets
        for widget in widgets[1:]:
            widget.data["attrs"].pop("autofocus", None)
        return widgets


class FormRenderer(DjangoTemplates):
    bound_field_class = SeenField
