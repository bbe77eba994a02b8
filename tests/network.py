"""Whether the advisories of packages can be asked for: `python -m tests.network`; 0 if so."""

import sys
from urllib.error import URLError
from urllib.request import urlopen

ADVISORIES = "https://pypi.org/pypi/django/5.2/json"


def is_open() -> bool:
    try:
        with urlopen(ADVISORIES, timeout=10) as answer:  # noqa: S310 - a fixed https address
            return b'"vulnerabilities"' in answer.read()
    except (URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(not is_open())
