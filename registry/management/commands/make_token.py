"""Make a token for the HTTP API, and show it once."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from registry.services import tokens


class Command(BaseCommand):
    help = "Make a token that opens the HTTP API in a user's name. It is shown once: keep it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USERNAME", help="An operator's email.")
        parser.add_argument("--name", required=True, help="What it is for, such as CI.")
        parser.add_argument("--days", type=int, default=90, metavar="D", help="90 unless said.")

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model()
        try:
            owner = users._default_manager.get_by_natural_key(options["username"])
            token, text = tokens.make_token(owner=owner, name=options["name"], days=options["days"])
        except users.DoesNotExist as error:
            raise CommandError(f"There is no user {options['username']}") from error
        except (ValueError, tokens.NoOperatorError) as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"{token}, until {token.expires_at:%Y-%m-%d %H:%M} UTC. Shown once:")
        self.stdout.write(text)
