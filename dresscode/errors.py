"""The page of a fault of ours: no database, no session, no context processors."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from dresscode.logs import request_id


def server_error(request: HttpRequest) -> HttpResponse:
    """500 with the request's id, by which its log lines are found."""
    return HttpResponse(render_to_string("500.html", {"request_id": request_id.get()}), status=500)
