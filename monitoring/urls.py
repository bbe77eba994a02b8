from django.conf import settings
from django.contrib import admin
from django.urls import path

from monitoring import views

app_name = "monitoring"
urlpatterns = [
    path(
        f"{settings.ADMIN_PATH}monitoring/drift/",
        admin.site.admin_view(views.show_drift),
        name="drift",
    ),
]
