"""Every address: the apps' own, signing in under Django's names, the admin, and two for machines."""

from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import urls as auth_urls
from django.urls import URLPattern, URLResolver, include, path

from dresscode import health

app_urls: list[URLPattern | URLResolver] = [
    path("", include(f"{app}.urls"))
    for app in ("wardrobe", "styling", "feedback", "monitoring")
    if find_spec(f"{app}.urls")
]

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    *app_urls,
    path("accounts/", include(auth_urls)),
    path(f"{settings.ADMIN_PATH}jobs/", include("django_rq.urls")),
    path(settings.ADMIN_PATH, admin.site.urls),
]
