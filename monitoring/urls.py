"""Pages of the admin that are no model's, and what Prometheus reads."""

from django.conf import settings
from django.contrib import admin
from django.urls import path

from monitoring import views
from monitoring.metrics.views import metrics

app_name = "monitoring"

urlpatterns = [
    path("metrics", metrics, name="metrics"),
    path(
        f"{settings.ADMIN_PATH}monitoring/latency/",
        admin.site.admin_view(views.show_latency),
        name="latency",
    ),
    path(
        f"{settings.ADMIN_PATH}monitoring/accuracy/",
        admin.site.admin_view(views.show_accuracy),
        name="accuracy",
    ),
    path(
        f"{settings.ADMIN_PATH}monitoring/drift/",
        admin.site.admin_view(views.show_drift),
        name="drift",
    ),
    path(
        f"{settings.ADMIN_PATH}monitoring/drift/review/",
        admin.site.admin_view(views.send_drifted_to_review),
        name="drift-review",
    ),
]
