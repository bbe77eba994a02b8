"""`make cluster`: all of it, until Ctrl-C.

python -m tests.cluster
"""

import shutil
import signal
import sys
import time

from tests.cluster.cluster import OPERATOR, SITE, WEARER, WORD, Cluster
from tests.cluster.programs import list_missing
from tests.conftest import STATE


def main() -> int:
    if missing := list_missing():
        sys.stdout.write(f"Skipped, since these are not installed: {', '.join(missing)}\n")
        return 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    cluster = Cluster.start(say=say)
    try:
        say(
            f"It runs at https://{SITE}:{cluster.port}/ (a certificate of its own; Ctrl-C stops it)"
        )
        say(f"  wearer {WEARER}, operator {OPERATOR}, password {WORD}")
        say(f"  PostgreSQL {cluster.postgres.url('postgres')}")
        say(f"  Redis {cluster.redis.url}")
        for name, server in sorted(cluster.processes.items()):
            say(f"  {name}: process {server.pid}, {server.log}")
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # A second Ctrl-C would leave half of it.
        cluster.stop()
        shutil.rmtree(STATE, ignore_errors=True)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


sys.exit(main())
