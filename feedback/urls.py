from django.urls import path

from feedback import views

app_name = "feedback"
urlpatterns = [
    path("outfits/<uuid:suggestion_id>/rate/", views.rate_outfit, name="rate-outfit"),
]
