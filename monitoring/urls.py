"""Pages of the admin that are no model's, and what Prometheus reads."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import admin
from django.http import HttpResponse
from django.urls import path

from monitoring import views
from monitoring.metrics.views import metrics

app_name = "monitoring"

OPERATORS: list[tuple[str, Callable[..., HttpResponse], str]] = [
    ("latency/", views.show_latency, "latency"),
    ("accuracy/", views.show_accuracy, "accuracy"),
    ("drift/", views.show_drift, "drift"),
    ("drift/compare/", views.compare_days, "drift-compare"),
    ("drift/photos/<uuid:pk>/", views.show_telling_photo, "drift-photo"),
    ("drift/review/", views.send_drifted_to_review, "drift-review"),
]

urlpatterns = [
    path("metrics", metrics, name="metrics"),
    *(
        path(f"{settings.ADMIN_PATH}monitoring/{route}", admin.site.admin_view(view), name=name)
        for route, view, name in OPERATORS
    ),
]
