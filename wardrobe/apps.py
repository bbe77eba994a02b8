from django.apps import AppConfig


class WardrobeConfig(AppConfig):
    name = "wardrobe"
    default_auto_field = "django.db.models.BigAutoField"
