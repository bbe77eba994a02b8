from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RegistryConfig(AppConfig):
    name = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from registry import checks, roles  # noqa: F401

        # After the permissions, which django.contrib.auth makes by the same signal.
        post_migrate.connect(roles.make_roles, sender=self, dispatch_uid="registry.roles")
