from django.urls import path

from wardrobe.views import garments, many, photos, wears

app_name = "wardrobe"
urlpatterns = [
    path("wardrobe/", garments.list_garments, name="garment-list"),
    path("wardrobe/add/", garments.add_garment, name="garment-add"),
    path("wardrobe/select/", many.select_garments, name="garment-select"),
    path("wardrobe/many/", many.act_on_many, name="garment-many"),
    path("wardrobe/many/<uuid:act_id>/undo/", many.undo_act, name="act-undo"),
    path("wardrobe/<uuid:garment_id>/", garments.show_garment, name="garment-detail"),
    path("wardrobe/<uuid:garment_id>/edit/", garments.edit_garment, name="garment-edit"),
    path(
        "wardrobe/<uuid:garment_id>/edit/<slug:field>/",
        garments.edit_field,
        name="garment-edit-field",
    ),
    path("wardrobe/<uuid:garment_id>/type/", garments.choose_type, name="garment-choose-type"),
    path("wardrobe/<uuid:garment_id>/archive/", garments.archive_garment, name="garment-archive"),
    path("wardrobe/<uuid:garment_id>/delete/", garments.delete_garment, name="garment-delete"),
    path("wardrobe/<uuid:garment_id>/wash/", wears.toggle_wash, name="garment-wash"),
    path("wardrobe/<uuid:garment_id>/worn/", wears.wear_garment, name="garment-worn"),
    path("wardrobe/<uuid:garment_id>/worn/<int:wear_id>/undo/", wears.undo_wear, name="wear-undo"),
    path(
        "wardrobe/<uuid:garment_id>/favourite/",
        garments.toggle_favourite,
        name="garment-favourite",
    ),
    path("photos/<uuid:photo_id>/describe/", garments.add_garment, name="photo-describe"),
    path("photos/add/", photos.upload_photos, name="photo-upload"),
    path("photos/<uuid:photo_id>/card/", photos.show_photo_card, name="photo-card"),
    path("photos/<uuid:photo_id>/retry/", photos.retry_photo, name="photo-retry"),
    path("photos/<uuid:photo_id>/answer/", photos.answer_photo, name="photo-answer"),
    path("photos/<uuid:photo_id>/delete/", photos.delete_photo, name="photo-delete"),
    path("media/photos/<uuid:photo_id>/<slug:rendition>/", photos.serve_photo, name="photo-media"),
    path("media/garments/<uuid:garment_id>/", photos.serve_garment, name="garment-media"),
    path("media/garments/<uuid:garment_id>/cut-out/", photos.serve_cut_out, name="garment-cut-out"),
    path("photos/<uuid:photo_id>/", garments.show_photo, name="photo-detail"),
]
