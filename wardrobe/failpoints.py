"""Places where a test can make a process die, sleep or fail, to see that nothing is lost.

Inert unless DRESSCODE_FAILPOINTS is set: `photo.stored=kill9,photo.described=sleep:5`. A path after
`@` makes an action happen once: the first process to create that file acts.
"""

import os
import signal
import time
from pathlib import Path

VARIABLE = "DRESSCODE_FAILPOINTS"


class FailpointError(RuntimeError):
    """What `name=raise` raises."""


def hit(name: str) -> None:
    """Do what the environment asks for at this place."""
    for entry in filter(None, os.environ.get(VARIABLE, "").split(",")):
        place, _, action = entry.partition("=")
        if place == name:
            act(name, *action.partition("@")[::2])


def act(name: str, action: str, once: str) -> None:
    if once:
        try:
            Path(once).touch(exist_ok=False)
        except FileExistsError:
            return
    if action == "kill9":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action.startswith("sleep:"):
        time.sleep(float(action.removeprefix("sleep:")))
    else:
        raise FailpointError(name)
