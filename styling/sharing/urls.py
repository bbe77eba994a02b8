from django.urls import path

from styling.sharing import pages

urlpatterns = [
    path("outfits/<uuid:suggestion_id>/picture/", pages.choose_picture, name="picture"),
    path(
        "outfits/<uuid:suggestion_id>/picture/file/", pages.preview_picture, name="picture-preview"
    ),
    path("outfits/<uuid:suggestion_id>/picture/link/", pages.make_link, name="picture-link"),
    path("you/shared/", pages.list_links, name="shared"),
    path("you/shared/<uuid:link_id>/", pages.change_link, name="shared-change"),
    path("s/<str:shared_token>/", pages.show_shared, name="shared-page"),
    path("s/<str:shared_token>/picture/", pages.serve_shared, name="shared-picture"),
]
