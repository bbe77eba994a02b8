"""Make the demo wearer, her wardrobe, and the operator."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dresscode.local import demo


class Command(BaseCommand):
    help = "Fill the demo, once. Embedded mode only: the password is known to everyone."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("The demo has a password that everyone knows: embedded mode only.")
        demo.fill_demo(self.say)

    def say(self, text: str) -> None:
        """`manage.py up` repeats lines that begin so."""
        self.stdout.write(f"Demo: {text}")
