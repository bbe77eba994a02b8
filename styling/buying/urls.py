from django.urls import path

from styling.buying import views

urlpatterns = [
    path("wardrobe/buy/", views.ask, name="buying"),
    path("wardrobe/buy/<uuid:question_id>/", views.show_answer, name="buying-answer"),
    path("wardrobe/buy/<uuid:question_id>/progress/", views.show_progress, name="buying-progress"),
    path("wardrobe/buy/<uuid:question_id>/picture/", views.show_picture, name="buying-picture"),
    path("wardrobe/buy/<uuid:question_id>/again/", views.judge_again, name="buying-again"),
    path("wardrobe/buy/<uuid:question_id>/add/", views.add_to_wardrobe, name="buying-add"),
    path("wardrobe/buy/<uuid:question_id>/forget/", views.forget, name="buying-forget"),
]
