from django.conf import settings
from django.contrib import admin
from django.urls import path

from dresscode.own_data import views
from dresscode.own_data.admin import delete_person

app_name = "own_data"

urlpatterns = [
    path("you/data/", views.show_own_data, name="own-data"),
    path("you/data/progress/", views.show_progress, name="progress"),
    path("you/data/export/", views.start_export, name="start-export"),
    path("you/data/export/<uuid:transfer_id>/", views.download_export, name="download-export"),
    path("you/data/import/", views.start_import, name="start-import"),
    path("you/data/import/<uuid:transfer_id>/", views.decide_import, name="decide-import"),
    path("you/delete/", views.delete_own_account, name="delete-account"),
    path("receipts/<str:token>/", views.show_receipt, name="receipt"),
    # In the place of Django's own page, which would leave files, words and streams behind.
    path(
        f"{settings.ADMIN_PATH}accounts/user/<path:person_id>/delete/",
        admin.site.admin_view(delete_person),
        name="delete-person",
    ),
]
