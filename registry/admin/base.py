"""What the registry's admin pages share."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.contrib.admin import AllValuesFieldListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from unfold.admin import ModelAdmin
from unfold.decorators import display

from accounts.models import User

Row = TypeVar("Row", bound=Model)


class FilledValuesFilter(AllValuesFieldListFilter):
    """The values that a column holds, but for the empty one, which has no name."""

    def __init__(self, field: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(field, *args, **kwargs)
        self.lookup_choices = self.lookup_choices.exclude(**{field.name: ""})


class ReadOnlyAdmin(ModelAdmin):
    """Rows to read: what the system wrote stays as it was written. Nothing links to what whoever looks may not open."""

    LINKS: ClassVar[dict[str, tuple[str, str]]] = {}
    """The plain column in the place of one with links, and the permission that these take."""

    def get_list_display(self, request: HttpRequest) -> list[str]:
        plain = self.find_plain(request)
        return [plain.get(name, name) for name in super().get_list_display(request)]

    def find_plain(self, request: HttpRequest) -> dict[str, str]:
        """Those of LINKS that this operator may not follow."""
        has_perm = request.user.has_perm
        return {link: name for link, (name, right) in self.LINKS.items() if not has_perm(right)}

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Django links each row that a column refers to: those in words whose page may not be seen."""
        hidden: dict[str, Any] = {
            field.name: say_row(field)
            for field in self.model._meta.get_fields()
            if isinstance(field, ForeignKey) and not self.may_open(request, field.related_model)
        }
        hidden |= self.find_plain(request)
        return [
            (title, {**options, "fields": [hidden.get(name, name) for name in options["fields"]]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def may_open(self, request: HttpRequest, model: type[Model]) -> bool:
        """Whether the admin has a page of such rows, and this operator may see it."""
        if not self.admin_site.is_registered(model):
            return False
        return bool(self.admin_site.get_model_admin(model).has_view_permission(request))

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


def say_row(field: "ForeignKey[Any, Any]") -> Callable[[Model], str]:
    """A column that names the row and leads nowhere."""

    def say(row: Model) -> str:
        other = getattr(row, field.name)
        return "–" if other is None else str(other)

    shown: Callable[[Model], str] = display(say, description=str(field.verbose_name).capitalize())
    return shown


def find_row(rows: type[Row] | QuerySet[Row], pk: object) -> Row:
    """The row of an address in which anything may stand: Django's shortcut breaks on what is no number. Raises Http404."""
    try:
        return get_object_or_404(rows, pk=pk)
    except ValueError as error:
        raise Http404 from error


def get_operator(request: HttpRequest) -> "User":
    """Whoever acts; the admin has let nobody anonymous come this far."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def send_webp(picture: bytes, *, cache_control: str) -> HttpResponse:
    """A picture to look at, which is nothing but a picture."""
    headers = {
        "Content-Disposition": "inline",
        "Cache-Control": cache_control,
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(picture, content_type="image/webp", headers=headers)


def keep_query(request: HttpRequest) -> str:
    """The query string of this page without its page number, for links to its other pages."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
