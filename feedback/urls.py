from django.conf import settings
from django.contrib import admin
from django.urls import path

from feedback.views import consents, examples, ratings

app_name = "feedback"
urlpatterns = [
    path("outfits/<uuid:suggestion_id>/rate/", ratings.rate_outfit, name="rate-outfit"),
    path("you/consent/", consents.set_consent, name="set-consent"),
    path(
        f"{settings.ADMIN_PATH}feedback/calls/<uuid:call_id>/example/",
        admin.site.admin_view(examples.make_example),
        name="make-example",
    ),
    path(
        f"{settings.ADMIN_PATH}feedback/calls/<uuid:call_id>/picture/",
        admin.site.admin_view(examples.show_picture),
        name="call-picture",
    ),
]
