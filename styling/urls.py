from django.urls import include, path

from styling import views
from styling.pages import calendar, calendars, looks, notifications, pieces, profile

app_name = "styling"
urlpatterns = [
    path("today/", views.ask, name="ask"),
    path("today/dress/", views.dress_me, name="dress-me"),
    path("today/sky/", views.show_sky, name="sky"),
    path("today/weather/", views.show_weather, name="weather"),
    path("places/", views.list_places, name="place-search"),
    path("outfits/", calendar.show_month, name="history"),
    path("outfits/day/<str:day>/", calendar.show_day, name="day"),
    path("outfits/<uuid:suggestion_id>/", views.show_outfit, name="outfit-detail"),
    path("outfits/<uuid:suggestion_id>/another/", views.ask_another, name="outfit-another"),
    path(
        "outfits/<uuid:suggestion_id>/pieces/<uuid:garment_id>/",
        pieces.show_piece,
        name="outfit-piece",
    ),
    path(
        "outfits/<uuid:suggestion_id>/pieces/<uuid:garment_id>/swap/",
        pieces.swap_piece,
        name="outfit-swap",
    ),
    path(
        "outfits/<uuid:suggestion_id>/pieces/<uuid:garment_id>/leave-out/",
        pieces.leave_piece_out,
        name="outfit-leave-out",
    ),
    path("outfits/<uuid:suggestion_id>/unswap/", pieces.undo_swap, name="outfit-unswap"),
    path("you/left-out/<int:pk>/undo/", pieces.undo_left_out, name="left-out-undo"),
    path("outfits/<uuid:suggestion_id>/why/", views.explain_outfit, name="outfit-why"),
    path("looks/", looks.list_looks, name="looks"),
    path("looks/build/", looks.build_look, name="look-build"),
    path("looks/finish/", looks.finish_look, name="look-finish"),
    path("looks/keep/", looks.keep_look, name="look-keep"),
    path("looks/<uuid:look_id>/", looks.show_look, name="look-detail"),
    path("looks/<uuid:look_id>/rename/", looks.rename_look, name="look-rename"),
    path("looks/<uuid:look_id>/copy/", looks.clone_look, name="look-clone"),
    path("looks/<uuid:look_id>/delete/", looks.delete_look, name="look-delete"),
    path("media/looks/<uuid:outfit_id>/", views.serve_picture, name="look-media"),
    path("calendar/<str:secret>.ics", calendars.serve_feed, name="calendar-feed"),
    path("outfits/calendars/", calendars.show_calendars, name="calendars"),
    path("outfits/calendars/address/", calendars.renew_feed, name="feed-renew"),
    path("outfits/calendars/address/stop/", calendars.revoke_feed, name="feed-revoke"),
    path("outfits/calendars/subscribe/", calendars.subscribe, name="calendar-subscribe"),
    path(
        "outfits/calendars/<int:subscription_id>/remove/",
        calendars.remove_subscription,
        name="calendar-remove",
    ),
    path(
        "outfits/calendars/<int:subscription_id>/look/", calendars.look_again, name="calendar-look"
    ),
    path("outfits/calendars/rules/", calendars.add_rule, name="rule-add"),
    path("outfits/calendars/rules/<int:rule_id>/", calendars.change_rule, name="rule-change"),
    path(
        "outfits/calendars/rules/<int:rule_id>/remove/", calendars.remove_rule, name="rule-remove"
    ),
    path("outfits/calendars/rules/<int:rule_id>/move/", calendars.move_rule, name="rule-move"),
    path("you/notifications/", notifications.edit_choices, name="notifications"),
    path("you/notifications/devices/", notifications.add_device, name="device-add"),
    path("you/notifications/try/", notifications.try_it, name="notification-try"),
    path(
        "you/notifications/devices/<int:device_id>/remove/",
        notifications.remove_device,
        name="device-remove",
    ),
    path("", include("styling.sharing.urls")),
    path("you/time-zone/", views.keep_time_zone, name="time-zone"),
    path("you/", profile.edit_profile, name="profile"),
    path("", include("styling.trips.urls")),
    path("", include("styling.numbers.urls")),
    path("", include("styling.buying.urls")),
]
