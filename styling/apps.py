from django.apps import AppConfig


class StylingConfig(AppConfig):
    name = "styling"
    default_auto_field = "django.db.models.BigAutoField"
