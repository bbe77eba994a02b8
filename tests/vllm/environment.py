"""The environment that vLLM runs in: its own, on a CPU, kept between runs outside the clone.

`python -m tests.vllm.environment` installs it (2.5 GB, some five minutes) unless it is there. Its
folder is named after what it holds, so that another version of anything is another environment.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"
TORCH = ["torch==2.13.0+cpu", "setuptools==80.9.0"]
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"

SHIM = """
if not _has_ops():  # Its C extension is linked against CUDA: declare what it would have.
    _schemas = torch.library.Library("torchvision", "FRAGMENT")
    _schemas.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _schemas.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")


"""
SHIM_BEFORE = "def _assert_has_ops():"


def cache_dir() -> Path:
    """`$XDG_CACHE_HOME/dresscode` or `~/.cache/dresscode`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dresscode"


def environment_dir() -> Path:
    content = "\n".join([REQUIREMENTS.read_text(), *TORCH, SHIM]).encode()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return cache_dir() / f"vllm-{version}-{hashlib.sha256(content).hexdigest()[:12]}"


def find_python() -> Path | None:
    """The interpreter of a finished environment."""
    folder = environment_dir()
    return folder / "bin" / "python" if (folder / "finished").exists() else None


def install() -> Path:
    """Make the environment unless it is there; another process that makes it is waited for.

    Raises CalledProcessError where pip fails.
    """
    folder = environment_dir()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if find_python() is None:
            sys.stderr.write("Installing vLLM for this CPU; it takes some minutes, once.\n")
            shutil.rmtree(folder, ignore_errors=True)
            fill(folder)
            (folder / "finished").touch()
    return folder / "bin" / "python"


def fill(folder: Path) -> None:
    """The wheels that vLLM names for a CPU do not fit together, so that pip cannot choose them:
    torchaudio and torchcodec are linked against CUDA and not needed, triton is 1 GB of no use."""
    venv.create(folder, with_pip=True)
    try:
        pip(folder, *TORCH)
    except subprocess.CalledProcessError:
        pip(folder, *TORCH, "--extra-index-url", TORCH_INDEX)
    pip(folder, "--requirement", str(REQUIREMENTS))
    [packages] = folder.glob("lib/python*/site-packages")
    patch_torchvision(packages / "torchvision" / "extension.py")


def pip(folder: Path, *arguments: str) -> None:
    options = ["--quiet", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command = [folder / "bin" / "python", "-m", "pip", "install", *options, *arguments]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def patch_torchvision(file: Path) -> None:
    """Let it be imported beside a torch without CUDA: Gemma's picture processor needs its Python part."""
    source = file.read_text()
    if source.count(SHIM_BEFORE) != 1:
        raise RuntimeError(f"{file} is not the version this was written for")
    file.write_text(source.replace(SHIM_BEFORE, SHIM.lstrip() + SHIM_BEFORE))


if __name__ == "__main__":
    install()
