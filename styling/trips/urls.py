from django.urls import path

from styling.trips import views

urlpatterns = [
    path("trips/", views.list_trips, name="trip-list"),
    path("trips/new/", views.start_trip, name="trip-new"),
    path("trips/<uuid:trip_id>/", views.show_trip, name="trip-detail"),
    path("trips/<uuid:trip_id>/edit/", views.edit_trip, name="trip-edit"),
    path("trips/<uuid:trip_id>/progress/", views.show_progress, name="trip-progress"),
    path("trips/<uuid:trip_id>/pack/", views.repack_trip, name="trip-pack"),
    path("trips/<uuid:trip_id>/ticked/", views.tick_trip, name="trip-tick"),
    path("trips/<uuid:trip_id>/pieces/", views.change_piece, name="trip-piece"),
    path("trips/<uuid:trip_id>/plan/", views.plan_trip, name="trip-plan"),
    path("trips/<uuid:trip_id>/delete/", views.delete_trip, name="trip-delete"),
    path("media/trips/<int:occasion_id>/", views.serve_picture, name="trip-media"),
]
