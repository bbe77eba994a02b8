from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from dresscode.local import launcher
from dresscode.local.earlier_state import EarlierStateError
from dresscode.local.embedded.stores import EmbeddedStoreError


class Command(BaseCommand):
    help = "Runs all of Dresscode on this machine until Ctrl-C: stores, web, workers, scheduler."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def handle(self, *args: Any, **options: Any) -> None:
        self.say("Starting Dresscode.")
        try:
            launcher.run(say=self.say, announce=self.announce)
        except (launcher.LaunchError, EarlierStateError, EmbeddedStoreError) as error:
            raise CommandError(str(error)) from error

    def announce(self) -> None:
        lines = [f"Dresscode runs at {settings.SITE_URL} (Ctrl-C stops it)"]
        emails = [settings.DEMO_WEARER, settings.DEMO_OPERATOR] if settings.EMBEDDED else []
        known = get_user_model().objects.filter(email__in=emails)
        for user in known.order_by("is_staff"):
            place = f"{settings.SITE_URL}/{settings.ADMIN_PATH}" if user.is_staff else ""
            role = "operator" if user.is_staff else "wearer"
            lines.append(
                f"  {role:9}{user.email}  password: {settings.DEMO_PASSWORD}  {place}".rstrip()
            )
        lines.append(f"  logs     {settings.STATE_DIR / 'logs'}")
        self.say("\n".join(lines))

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
