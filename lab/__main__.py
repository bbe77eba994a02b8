"""`python -m lab COMMAND …`: the commands of `lab/commands`, with the project's settings."""

import os
import sys
from importlib import import_module
from pathlib import Path

import django


def main(arguments: list[str]) -> None:
    """Run the command that is named first, with the arguments that follow."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("commands/[a-z]*.py"))
    if not arguments or arguments[0] not in names:
        sys.exit(f"usage: python -m lab {{{','.join(names)}}} …")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")
    django.setup()
    command = import_module(f"lab.commands.{arguments[0]}").Command()
    command.run_from_argv(["lab", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
