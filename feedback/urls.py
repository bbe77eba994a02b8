from collections.abc import Callable

from django.conf import settings
from django.contrib import admin
from django.http.response import HttpResponseBase
from django.urls import path

from feedback.views import (
    consents,
    examples,
    household,
    learning,
    lineage,
    links,
    looks,
    plans,
    ratings,
    review,
    training,
)

app_name = "feedback"

OPERATORS: list[tuple[str, Callable[..., HttpResponseBase], str]] = [
    ("calls/<uuid:call_id>/example/", examples.make_example, "make-example"),
    ("calls/<uuid:call_id>/picture/", examples.show_picture, "call-picture"),
    ("lineage/", lineage.show_lineage, "lineage"),
    ("review/", review.show_queue, "review"),
    ("review/undo/", review.undo, "review-undo"),
    ("review/<int:pk>/", review.decide, "review-decide"),
    ("review/<int:pk>/picture/", review.show_picture, "review-picture"),
    ("training/", training.list_runs, "training"),
    ("training/build/", training.make_set, "training-build"),
    ("training/sets/<int:number>/retrain/", training.retrain, "training-retrain"),
    ("training/sets/<int:number>/export/", training.export_set, "training-export"),
    ("training/<int:pk>/", training.show_run, "training-run"),
]

urlpatterns = [
    path("outfits/household/", household.list_outfits, name="household-outfits"),
    path(
        "outfits/household/<uuid:suggestion_id>/picture/",
        household.serve_picture,
        name="household-picture",
    ),
    path(
        "outfits/household/<uuid:suggestion_id>/say/", household.say_opinion, name="household-say"
    ),
    path(
        "outfits/<uuid:suggestion_id>/household/",
        household.show_to_household,
        name="household-show",
    ),
    path("outfits/<uuid:suggestion_id>/rate/", ratings.rate_outfit, name="rate-outfit"),
    path(
        "outfits/<uuid:suggestion_id>/withdraw/", ratings.withdraw_verdict, name="withdraw-verdict"
    ),
    path("outfits/<uuid:suggestion_id>/instead/", ratings.wear_instead, name="wear-instead"),
    path("looks/<uuid:look_id>/wear/", looks.wear_look, name="wear-look"),
    path("outfits/<uuid:suggestion_id>/move/", plans.move, name="move-plan"),
    path("outfits/<uuid:suggestion_id>/copy/", plans.copy, name="copy-plan"),
    path("outfits/<uuid:suggestion_id>/copy/undo/", plans.undo_copy, name="undo-copy"),
    path("outfits/<uuid:suggestion_id>/call-off/", plans.call_off, name="call-off"),
    path("outfits/<uuid:suggestion_id>/call-off/undo/", plans.restore, name="restore-plan"),
    path("outfits/<uuid:suggestion_id>/keep/", plans.keep, name="keep-plan"),
    path("outfits/<uuid:suggestion_id>/anew/", plans.ask_anew, name="ask-anew"),
    path("wear/<str:token>/", links.wear, name="wear-by-link"),
    path("you/consent/", consents.set_consent, name="set-consent"),
    path("you/learned/", learning.show_learned, name="learned"),
    path("you/learned/change/", learning.change_learned, name="change-learned"),
    *(
        path(f"{settings.ADMIN_PATH}feedback/{route}", admin.site.admin_view(view), name=name)
        for route, view, name in OPERATORS
    ),
]
