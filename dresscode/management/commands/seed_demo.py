"""Make the demo wearer, her wardrobe, and the operator."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dresscode.local import demo


class Command(BaseCommand):
    help = "Seed the demo accounts. Embedded mode only: their password is known to everyone."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("The demo has a password that everyone knows: embedded mode only.")
        if added := demo.seed_demo():
            self.stdout.write(f"Hung up {added} photos in the demo wardrobe.")
