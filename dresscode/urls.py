"""Every address: the apps' own, the admin, and what is for machines."""

from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from dresscode import health, pages

admin.autodiscover()  # Workers have not, and a job may name an address.

app_urls: list[URLPattern | URLResolver] = [
    path("", include(f"{app}.urls"))
    for app in ("accounts", "wardrobe", "styling", "feedback", "monitoring", "dresscode.own_data")
    if find_spec(f"{app}.urls")
]

urlpatterns = [
    path("offline/", pages.offline, name="offline"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
    path("sw.js", pages.service_worker, name="service-worker"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", include("registry.urls")),
    *app_urls,
    path(f"{settings.ADMIN_PATH}jobs/", include("dresscode.queues.pages")),
    path(f"{settings.ADMIN_PATH}r/<path:nowhere>", pages.not_found),
    path(settings.ADMIN_PATH, admin.site.urls),
]

handler400 = "dresscode.pages.bad_request"
handler500 = "dresscode.pages.server_error"
