"""What is for machines: the admin's own addresses are the admin's."""

from django.urls import path

from monitoring.metrics.views import metrics

urlpatterns = [path("metrics", metrics, name="metrics")]
