"""The addresses of the HTTP API, one for each route of its table."""

from itertools import groupby

from django.urls import path

from registry.api.dispatch import make_view, not_found
from registry.api.endpoints import ENDPOINTS, Endpoint

app_name = "api"


def get_route(endpoint: Endpoint) -> str:
    return endpoint.route


by_route = {
    route: list(endpoints)
    for route, endpoints in groupby(sorted(ENDPOINTS, key=get_route), key=get_route)
}
urlpatterns = [
    *(
        path(f"registry/{route}", make_view(endpoints), name=endpoints[0].name)
        for route, endpoints in by_route.items()
    ),
    path("<path:path>", not_found),
]
