"""Which prompt files differ from what is live, or from a revision of Git."""

import subprocess
from pathlib import Path

from registry.models import Prompt
from registry.prompts import bundles
from registry.prompts.files import PromptFile, parse_prompt, parse_prompt_file


class UnknownRevisionError(LookupError):
    """Git does not know the revision, or there is no Git."""


Change = tuple[PromptFile, PromptFile | None]
"""A file as it is, and as it was; None for one that is new, or whose past was not asked for."""


def find_changed(directory: Path, *, since: str = "") -> list[Change]:
    """The files whose content is not that of the live version or, with `since`, not that of a
    revision of Git. Raises UnknownRevisionError."""
    files = [parse_prompt_file(path) for path in sorted(directory.glob("*.md"))]
    if not since:
        return [(file, None) for file in files if not is_live(file)]
    changes = [(file, read_file_at(directory, file.name, since)) for file in files]
    return [
        (file, before) for file, before in changes if not before or before.bundle != file.bundle
    ]


def is_live(file: PromptFile) -> bool:
    prompt = Prompt.objects.filter(name=file.name).first()
    live = prompt.production() if prompt else None
    return bool(live and live.version.sha256 == bundles.digest(file.bundle))


def read_file_at(directory: Path, name: str, revision: str) -> PromptFile | None:
    """What a prompt file was at a revision; None if it was not there."""
    ask_git(
        directory, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    known = ask_git(directory, "ls-tree", "--name-only", revision, f"{name}.md")
    if not known.strip():
        return None
    text = ask_git(directory, "show", f"{revision}:./{name}.md")
    return parse_prompt(name, text)


def ask_git(directory: Path, *arguments: str) -> str:
    """Raises UnknownRevisionError."""
    try:
        answer = subprocess.run(
            ["git", "-C", str(directory), *arguments],  # noqa: S607 wherever it is installed
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        detail = getattr(error, "stderr", "") or str(error)
        raise UnknownRevisionError(f"Git says: {detail.strip() or 'no such revision'}") from error
    return answer.stdout
