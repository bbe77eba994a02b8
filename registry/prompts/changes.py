"""Which prompt files differ from what is live, or from a revision of Git."""

import subprocess
from pathlib import Path

from registry.models import Prompt
from registry.prompts import bundles
from registry.prompts.authoring import complete_bundle, find_revision_fault
from registry.prompts.bundles import DEFAULTS, Bundle
from registry.prompts.files import PromptFile, parse_prompt, parse_prompt_file
from registry.tasks import all_tasks


class UnknownRevisionError(LookupError):
    """Git does not know the revision, or there is no Git."""


READ_BY_MODELS = ["system", "user", "examples", "model", "sampling", "enable_thinking"]
"""What of a bundle reaches a model and not the built-in engine, which answers by `parameters` alone."""

VOCABULARY = "vocabulary"
"""The folder of its files."""

Change = tuple[PromptFile, PromptFile | None]
"""A file as it is, and as it was; None for one that is new, or whose past was not asked for."""


def find_changed(directory: Path, *, since: str = "") -> list[Change]:
    """The files whose content is not that of the live version or, with `since`, not that of a
    revision of Git (of what HEAD and it have in common: what others changed there since is no change here); of
    tasks that use the vocabulary, also when its files are not those of then.
    Raises UnknownRevisionError."""
    files = [parse_prompt_file(path) for path in sorted(directory.glob("*.md"))]
    if not since:
        return [(file, None) for file in files if not is_live(file)]
    base = find_merge_base(directory, since)
    changes = [(file, read_file_at(directory, file.name, base)) for file in files]
    reworded = find_reworded(directory, base)
    return [
        (file, before)
        for file, before in changes
        if not before or before.bundle != file.bundle or file.name in reworded
    ]


def find_reworded(directory: Path, since: str) -> set[str]:
    """The tasks whose words changed since a revision: the vocabulary's files lie beside the prompts'."""
    users = {name for name, task in all_tasks().items() if task.uses_vocabulary}
    folder = directory.parent / VOCABULARY
    if not users or not folder.is_dir():
        return set()
    return users if ask_git(folder, "diff", "--name-only", since, "--", ".") else set()


def is_live(file: PromptFile) -> bool:
    prompt = Prompt.objects.filter(name=file.name).first()
    live = prompt.production() if prompt else None
    sha256 = bundles.digest(complete_bundle(file.name, file.bundle))
    return bool(live and live.version.sha256 == sha256)


def list_changed_for_models(bundle: Bundle, before: Bundle) -> list[str]:
    """The parts of a bundle that differ and that models alone read; `before` is {} for what is new."""
    now, past = {**DEFAULTS, **bundle}, {**DEFAULTS, **before}
    return [part for part in READ_BY_MODELS if now.get(part) != past.get(part)]


def find_merge_base(directory: Path, revision: str) -> str:
    """The last commit that HEAD and a revision share; the revision itself where a shallow clone does not have it.
    Raises UnknownRevisionError for a revision that is not there."""
    commit = f"{revision}^{{commit}}"
    found = ask_git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", commit)
    try:
        return ask_git(directory, "merge-base", "HEAD", found.strip()).strip()
    except UnknownRevisionError:
        return found.strip()


def read_file_at(directory: Path, name: str, commit: str) -> PromptFile | None:
    """What a prompt file was at a commit; None if it was not there, or could not be loaded now."""
    known = ask_git(directory, "ls-tree", "--name-only", commit, f"{name}.md")
    if not known.strip():
        return None
    file = parse_prompt(name, ask_git(directory, "show", f"{commit}:./{name}.md"))
    return None if find_revision_fault(name, file.bundle) else file


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
