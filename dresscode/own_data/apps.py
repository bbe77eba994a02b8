from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth.signals import user_logged_in


class OwnDataConfig(AppConfig):
    name = "dresscode.own_data"
    label = "own_data"
    verbose_name = "own data"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Workers sign nobody in, and do without what listens to that."""
        if settings.PROCESS == "worker":
            return
        from dresscode.own_data.erasure.scheduling import keep_who_signs_in

        user_logged_in.connect(keep_who_signs_in, dispatch_uid="own_data.keep_who_signs_in")
