"""A primary of Redis, its replica and the Sentinels that put one in the other's place."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.cluster.places import Place, Server, free_ports
from tests.dresscode.processes import wait_until

SERVICE = "dresscode"
PASSWORD = "only-in-this-cluster"
DOWN_AFTER_MS = 3000
"""A busy machine may leave a server without CPU for a second or two: that is no fall."""


@dataclass
class RedisCluster:
    place: Place
    servers: list[Server]
    sentinels: list[Server]
    ports: list[int]
    sentinel_ports: list[int]
    dead_port: int = 0
    """Where nobody listens; the address names it first."""

    @classmethod
    def start(
        cls,
        place: Place,
        program: Path,
        *,
        sentinels: int = 3,
        options: Sequence[str] = (),
        down_after_ms: int = DOWN_AFTER_MS,
    ) -> "RedisCluster":
        ports = free_ports(2 + sentinels)
        self = cls(place, [], [], ports[:2], ports[2:])
        for number, port in enumerate(self.ports):
            server = self.make_server(program, number, port, options)
            self.servers.append(server.start())
        for port in self.ports:
            wait_until(lambda port=port: self.answers(port), "Redis answers")  # type: ignore[misc]
        self.sentinels = [
            self.make_sentinel(program, number, port, down_after_ms).start()
            for number, port in enumerate(self.sentinel_ports)
        ]
        self.wait_until_watched()
        return self

    def make_server(self, program: Path, number: int, port: int, options: Sequence[str]) -> Server:
        folder = self.place.make_folder(f"redis-{number}")
        said = {
            "bind": self.place.host,
            "port": str(port),
            "dir": str(folder),
            "requirepass": PASSWORD,
            "masterauth": PASSWORD,
            "replica-announce-ip": self.place.host,
            "repl-diskless-sync-delay": "0",
        }
        if number:
            said["replicaof"] = f"{self.place.host} {self.ports[0]}"
        lines = [f"{name} {value}" for name, value in said.items()]
        file = self.place.write(f"redis-{number}.conf", "\n".join(lines) + "\n")
        return self.place.store(f"redis-{number}", [program, file, *options])

    def make_sentinel(self, program: Path, number: int, port: int, down_after_ms: int) -> Server:
        quorum = len(self.sentinel_ports) // 2 + 1
        folder = self.place.make_folder(f"sentinel-{number}")
        text = f"""bind {self.place.host}
port {port}
dir {folder}
sentinel monitor {SERVICE} {self.place.host} {self.ports[0]} {quorum}
sentinel auth-pass {SERVICE} {PASSWORD}
sentinel down-after-milliseconds {SERVICE} {down_after_ms}
sentinel failover-timeout {SERVICE} 10000
sentinel parallel-syncs {SERVICE} 1
"""
        # It writes what it learns into its own file.
        file = self.place.write(f"sentinel-{number}/sentinel.conf", text)
        return self.place.store(f"sentinel-{number}", [program, file, "--sentinel"])

    @property
    def url(self) -> str:
        dead = [self.dead_port] if self.dead_port else []
        places = ",".join(f"{self.place.host}:{port}" for port in [*dead, *self.sentinel_ports])
        return f"redis+sentinel://:{PASSWORD}@{places}/{SERVICE}?db=0"

    def client(self, port: int) -> redis.Redis:
        return redis.Redis(
            self.place.host, port, password=PASSWORD, socket_timeout=5, retry=Retry(NoBackoff(), 0)
        )

    def sentinel(self, port: int) -> redis.Redis:
        return redis.Redis(self.place.host, port, socket_timeout=5, retry=Retry(NoBackoff(), 0))

    def answers(self, port: int) -> bool:
        return answers_at(self.place.host, port, password=PASSWORD)

    def primary_port(self) -> int:
        """As the first Sentinel that answers says. Raises RedisError."""
        for port in self.sentinel_ports:
            try:
                with self.sentinel(port) as client:
                    address = client.sentinel_get_master_addr_by_name(SERVICE)
            except redis.RedisError:
                continue
            return int(address[1])
        raise redis.ConnectionError("no Sentinel answers")

    @property
    def primary(self) -> Server:
        return self.servers[self.ports.index(self.primary_port())]

    def is_watched(self) -> bool:
        """Whether every Sentinel knows the others and a replica that is in step."""
        for port in self.sentinel_ports:
            try:
                with self.sentinel(port) as client:
                    state = client.sentinel_master(SERVICE)
                    replicas = client.sentinel_slaves(SERVICE)
            except redis.RedisError:
                return False
            if state["num-other-sentinels"] != len(self.sentinel_ports) - 1:
                return False
            if not state["is_master"] or state["is_sdown"] or state["is_odown"]:
                return False
            if [one for one in replicas if not (one["is_sdown"] or one["is_master_down"])] == []:
                return False
        return self.is_in_step()

    def is_in_step(self) -> bool:
        try:
            port = self.primary_port()
            with self.client(port) as client:
                said = client.info("replication")
        except redis.RedisError:
            return False
        return said["role"] == "master" and said.get("slave0", {}).get("state") == "online"

    def wait_until_watched(self) -> None:
        wait_until(self.is_watched, "Sentinels watch a primary and its replica")

    def wait_until_moved(self, old_port: int) -> None:
        def has_moved() -> bool:
            try:
                return self.primary_port() != old_port and self.is_primary(self.primary_port())
            except redis.RedisError:
                return False

        wait_until(has_moved, "Sentinels made the replica the primary")

    def is_primary(self, port: int) -> bool:
        with self.client(port) as client:
            return bool(client.info("replication")["role"] == "master")

    def stop(self) -> None:
        for server in [*self.sentinels, *self.servers]:
            server.kill()


def answers_at(host: str, port: int, **login: str) -> bool:
    try:
        with redis.Redis(
            host, port, socket_timeout=5, retry=Retry(NoBackoff(), 0), **login
        ) as client:  # type: ignore[arg-type]
            return bool(client.ping())
    except redis.RedisError:
        return False
