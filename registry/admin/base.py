"""What the registry's admin pages share."""

from typing import Any, TypeVar

from django.contrib.admin import AllValuesFieldListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from unfold.admin import ModelAdmin

from accounts.models import User

Row = TypeVar("Row", bound=Model)


class FilledValuesFilter(AllValuesFieldListFilter):
    """The values that a column holds, but for the empty one, which has no name."""

    def __init__(self, field: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(field, *args, **kwargs)
        self.lookup_choices = self.lookup_choices.exclude(**{field.name: ""})


class ReadOnlyAdmin(ModelAdmin):
    """Rows to read: what the system wrote stays as it was written."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


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
