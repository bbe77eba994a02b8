"""A worker of photos without its queue: loads what a worker loads, forks as it does, and sees the photos of a folder.

    DRESSCODE_PROCESS=worker python -m benchmarks.vision_worker DIR

Prints as JSON the CPU seconds until it could take a job, and once all are seen the memory of the
forked process and of both (proportional set size: what they share counts once, files that other processes have open,
too, in part); what of both is theirs alone whatever else runs; and what they would come to if nothing else ran, each
page of a file that either of them has counted once. Linux alone.
"""

import json
import mmap
import os
import sys
import time
from array import array
from pathlib import Path

for tool in ("pygments", "rich"):  # Developers' alone; httpx takes them where it finds them.
    sys.modules[tool] = None  # type: ignore[assignment]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dresscode.settings")
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # As in the app's own processes.

import django  # noqa: E402

django.setup()

from dresscode.management.commands import rqworker  # noqa: E402, F401
from dresscode.queues.memory import let_heap_grow  # noqa: E402
from dresscode.queues.workers import load_for_jobs  # noqa: E402
from wardrobe.photos.ingestion import KEPT_FORMAT, read_picture  # noqa: E402
from wardrobe.vision.garments import detect_garments  # noqa: E402
from wardrobe.vision.networks import return_freed_memory  # noqa: E402
from wardrobe.vision.parameters import VisionParameters  # noqa: E402

PRESENT, OF_A_FILE = 1 << 63, 1 << 61
"""Of an entry of /proc/PID/pagemap (Documentation/admin-guide/mm/pagemap.rst)."""


def main(folder: Path) -> None:
    load_for_jobs(["photos"])
    start_s = time.process_time()
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    let_heap_grow()
    for file in sorted(folder.iterdir()):
        photo = read_picture(file.read_bytes(), format=KEPT_FORMAT)
        detect_garments(photo, parameters=VisionParameters())
        return_freed_memory()  # As after each step of a photo.
    parent = str(os.getppid())
    measured = {
        "start_s": start_s,
        "photo_mb": read_pss_mb("self"),
        "both_mb": read_pss_mb("self") + read_pss_mb(parent),
        "own_mb": read_pss_mb("self", "Pss_Anon") + read_pss_mb(parent, "Pss_Anon"),
        "files_mb": count_file_pages("self", parent) * mmap.PAGESIZE / 1e6,
    }
    measured["alone_mb"] = measured["own_mb"] + measured["files_mb"]
    print(json.dumps(measured), flush=True)
    os._exit(0)


def read_pss_mb(process: str, of: str = "Pss") -> float:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    return int(dict(line.split(":", 1) for line in lines)[of].split()[0]) * 1024 / 1e6


def count_file_pages(*processes: str) -> int:
    """Pages of files that any of the processes has in its memory, each counted once, as if nothing else had them."""
    pages: set[tuple[str, str, int]] = set()
    for process in processes:
        with Path(f"/proc/{process}/pagemap").open("rb") as pagemap:
            for line in Path(f"/proc/{process}/maps").read_text().splitlines():
                addresses, _, offset, device, inode = line.split()[:5]
                if inode == "0":
                    continue
                start, end = (int(address, 16) // mmap.PAGESIZE for address in addresses.split("-"))
                pagemap.seek(start * 8)
                states = array("Q", pagemap.read((end - start) * 8))
                first = int(offset, 16) // mmap.PAGESIZE
                pages.update(
                    (device, inode, first + place)
                    for place, state in enumerate(states)
                    if state & PRESENT and state & OF_A_FILE
                )
    return len(pages)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
