"""The addresses of the HTTP API: ninja's, and problems for all that are none."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from registry.api.api import api
from registry.api.problems import NOT_FOUND, ProblemError
from registry.api.routing import finish

app_name = "api"


@csrf_exempt
def not_found(request: HttpRequest, path: str = "") -> HttpResponse:
    detail = "There is nothing at this address; /api/v1/openapi.json says what there is"
    return ProblemError(NOT_FOUND, detail).respond()


urlpatterns = [
    path("", not_found, name="api-root"),  # By this name ninja finds its prefix.
    *(
        path(str(found.pattern), finish(found.callback), name=found.name)
        for found in api.urls[0]
        if isinstance(found, URLPattern)
    ),
    path("<path:path>", not_found),
]
