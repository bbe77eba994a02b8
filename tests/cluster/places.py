"""Where a cluster's processes run: a folder for what they write, and a network of their own where root may make one.

The stores then have a network namespace, a machine of their own as far as TCP can tell: its cable can be pulled.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dresscode.local.embedded.accounts import Account, store_account
from dresscode.local.embedded.children import last_lines, leash_command
from tests.dresscode.processes import kill_tree

LOOPBACK = "127.0.0.1"


@dataclass
class Network:
    """A namespace with one cable to ours. It ends with the process that holds it, and with it the cable."""

    holder: subprocess.Popen[bytes]
    cable: str
    host: str
    ours: str

    @classmethod
    def lay(cls) -> "Network | None":
        """None where we may not: without root, or in a container without its rights."""
        if os.getuid() != 0 or not (shutil.which("ip") and shutil.which("nsenter")):
            return None
        holder = subprocess.Popen(
            leash_command(
                ["/usr/bin/unshare", "--net", "sleep", "infinity"], death_signal=signal.SIGKILL
            ),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        number = os.getpid() % 16_000
        third, last = divmod(number * 4, 256)
        base = f"10.{213 + third // 256}.{third % 256}"
        network = cls(holder, f"dress{os.getpid()}", f"{base}.{last + 2}", f"{base}.{last + 1}")
        try:
            network.connect()
        except (subprocess.CalledProcessError, AssertionError):
            network.remove()
            return None
        return network

    def connect(self) -> None:
        wait_for_namespace(self.holder.pid)
        far = f"{self.cable}b"[-15:]
        run_ip("link", "add", self.cable, "type", "veth", "peer", "name", far)
        run_ip("link", "set", far, "netns", str(self.holder.pid))
        run_ip("address", "add", f"{self.ours}/30", "dev", self.cable)
        run_ip("link", "set", self.cable, "up")
        for words in (
            ("address", "add", f"{self.host}/30", "dev", far),
            ("link", "set", far, "up"),
            ("link", "set", "lo", "up"),
        ):
            subprocess.run([*self.enter, "ip", *words], check=True, capture_output=True)

    @property
    def enter(self) -> list[str]:
        return ["/usr/bin/nsenter", f"--net=/proc/{self.holder.pid}/ns/net"]

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Packets vanish without a word, both ways, as with a cable that is pulled at the far end."""
        far = f"{self.cable}b"[-15:]
        command = [*self.enter, "ip", "link", "set", far]
        subprocess.run([*command, "down"], check=True)
        try:
            yield
        finally:
            subprocess.run([*command, "up"], check=True)

    def remove(self) -> None:
        self.holder.kill()
        self.holder.wait()
        subprocess.run(["ip", "link", "delete", self.cable], check=False, capture_output=True)


def run_ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def wait_for_namespace(pid: int) -> None:
    from tests.dresscode.processes import wait_until

    ours = Path("/proc/self/ns/net").readlink()

    def has_its_own() -> bool:
        try:
            return Path(f"/proc/{pid}/ns/net").readlink() != ours
        except OSError:
            return False

    wait_until(has_its_own, "the namespace is there", still_s=10)


@dataclass
class Server:
    """A process of the cluster: how it is started, so that it can be started again."""

    name: str
    command: Sequence[str | Path]
    log: Path
    account: Account | None
    environment: Mapping[str, str]
    enter: Sequence[str] = ()
    folder: Path = Path("/")
    death_signal: signal.Signals = signal.SIGKILL
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Server":
        leashed = leash_command(self.command, account=self.account, death_signal=self.death_signal)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*self.enter, *leashed],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                cwd=self.folder,
                start_new_session=True,
            )
        return self

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """At once, with all that it started."""
        if self.process is not None and self.is_running:
            kill_tree(self.pid)
            self.process.wait()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None and self.is_running:
            self.process.send_signal(number)
            self.process.wait()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    def last_words(self) -> str:
        return f"{self.name}: {last_lines(self.log, 12)}"


@dataclass
class Place:
    """A folder below /tmp, and where what runs in it listens."""

    folder: Path = field(
        default_factory=lambda: Path(tempfile.mkdtemp(prefix="dresscode-cluster-"))
    )
    network: Network | None = None
    account: Account = field(default_factory=store_account)

    def __post_init__(self) -> None:
        self.folder.chmod(0o711)
        (self.folder / "logs").mkdir(exist_ok=True)

    @property
    def host(self) -> str:
        """The stores' address."""
        return self.network.host if self.network else LOOPBACK

    def make_folder(self, name: str) -> Path:
        """For a store to write to."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        if os.getuid() == 0:
            os.chown(folder, self.account.uid, self.account.gid)
        return folder

    def write(self, name: str, text: str) -> Path:
        """A file of a store's own."""
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)
        if os.getuid() == 0:
            os.chown(path, self.account.uid, self.account.gid)
        return path

    def store(self, name: str, command: Sequence[str | Path]) -> Server:
        """A server that runs as the stores' account, in the stores' network. Not started."""
        return Server(
            name,
            command,
            self.folder / "logs" / f"{name}.log",
            self.account,
            {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"},
            self.network.enter if self.network else (),
        )

    def remove(self) -> None:
        if self.network is not None:
            self.network.remove()
        shutil.rmtree(self.folder, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    """Different ones, below those that outgoing connections are given."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
