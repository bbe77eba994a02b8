"""Uploads that are refused before a view sees them leave an event too."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from wardrobe.services import upload_events

GetResponse = Callable[[HttpRequest], HttpResponseBase]
UPLOADS = {"wardrobe:photo-upload", "wardrobe:garment-photos", "wardrobe:garment-photo"}
"""Every door by which a photo comes in to stay."""


class UploadEventMiddleware:
    """Of too many uploads, too many files in one request, or a lost CSRF token. Needs `request.user`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = request.resolver_match
        has_files = request.method == "POST" and request.content_type == "multipart/form-data"
        if match and match.view_name in UPLOADS and has_files:
            self.record(request, response.status_code)
        return response

    def record(self, request: HttpRequest, status: int) -> None:
        if request.user.is_authenticated:
            size = request.META.get("CONTENT_LENGTH") or "0"
            upload_events.record_refused_request(
                request.user, status=status, size=int(size) if size.isdecimal() else 0
            )
