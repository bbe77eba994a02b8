from typing import Any

from django.apps import AppConfig
from django.conf import settings


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Workers sign nobody in, and do without what listens to that."""
        if settings.PROCESS == "worker":
            return
        from allauth.account.signals import user_logged_in
        from allauth.mfa.signals import authenticator_added

        from accounts.second_factor.requiring import count_as_proved
        from accounts.signin.devices import remember_device

        def remember(request: Any, response: Any, user: Any, **signal: Any) -> None:
            remember_device(request, response, user)

        user_logged_in.connect(remember, weak=False)
        authenticator_added.connect(count_as_proved)
