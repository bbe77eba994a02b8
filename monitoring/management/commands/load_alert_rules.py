"""Make the rules of alerts that come with the code; those that are there stay as they are."""

from typing import Any

from django.core.management.base import BaseCommand

from monitoring.alerts.shipped import load_rules


class Command(BaseCommand):
    help = "Make the shipped rules of alerts that are not there yet."

    def handle(self, *args: Any, **options: Any) -> None:
        for rule in load_rules():
            self.stdout.write(str(rule))
