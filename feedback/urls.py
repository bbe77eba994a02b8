from django.conf import settings
from django.contrib import admin
from django.urls import path

from feedback.views import consents, examples, ratings, review

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
    path(
        f"{settings.ADMIN_PATH}feedback/review/",
        admin.site.admin_view(review.show_queue),
        name="review",
    ),
    path(
        f"{settings.ADMIN_PATH}feedback/review/undo/",
        admin.site.admin_view(review.undo),
        name="review-undo",
    ),
    path(
        f"{settings.ADMIN_PATH}feedback/review/<int:pk>/",
        admin.site.admin_view(review.decide),
        name="review-decide",
    ),
    path(
        f"{settings.ADMIN_PATH}feedback/review/<int:pk>/picture/",
        admin.site.admin_view(review.show_picture),
        name="review-picture",
    ),
]
