"""The addresses of the HTTP API, one for each route of its table."""

from itertools import groupby

from django.urls import path

from registry.api.dispatch import make_view, not_found
from registry.api.endpoints import ENDPOINTS, get_route
from registry.api.openapi import show_description

app_name = "api"


by_route = {
    route: list(endpoints)
    for route, endpoints in groupby(sorted(ENDPOINTS, key=get_route), key=get_route)
}
urlpatterns = [
    path("openapi.json", show_description, name="openapi"),
    *(
        path(f"registry/{route}", make_view(endpoints), name=endpoints[0].name)
        for route, endpoints in by_route.items()
    ),
    path("", not_found),
    path("<path:path>", not_found),
]
