from django.urls import include, path

from styling import views

app_name = "styling"
urlpatterns = [
    path("today/", views.ask, name="ask"),
    path("today/weather/", views.show_weather, name="weather"),
    path("places/", views.list_places, name="place-search"),
    path("outfits/", views.list_outfits, name="history"),
    path("outfits/<uuid:suggestion_id>/", views.show_outfit, name="outfit-detail"),
    path("outfits/<uuid:suggestion_id>/another/", views.ask_another, name="outfit-another"),
    path("outfits/<uuid:suggestion_id>/why/", views.explain_outfit, name="outfit-why"),
    path("you/time-zone/", views.keep_time_zone, name="time-zone"),
    path("you/", views.edit_profile, name="profile"),
    path("", include("styling.trips.urls")),
    path("", include("styling.numbers.urls")),
    path("", include("styling.buying.urls")),
]
