from django.urls import path

from styling.numbers import views

urlpatterns = [
    path("wardrobe/numbers/", views.show_numbers, name="numbers"),
    path("wardrobe/numbers/missing/", views.show_missing, name="numbers-missing"),
]
