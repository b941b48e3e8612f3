"""nginx with the site of deploy/, and clients that send a byte a second."""

import contextlib
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.chaos.stack import CHECKOUT, eventually, free_port

SITE = CHECKOUT / "deploy" / "nginx" / "prima.conf"
REQUEST = (
    b"POST /penilaian/1/ajukan/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\nX-Pad: "
)
ADDRESS = "127.0.0.2"
"""Not the people's: limits count by address."""


def find_nginx() -> str | None:
    """The program, also where only root has it on the path."""
    return shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


@contextlib.contextmanager
def nginx(folder: Path, portal: int) -> Iterator[int]:
    """The site of deploy/ on a free port, over plain HTTP, before a portal; yields the port."""
    program, port = find_nginx(), free_port()
    assert program
    (folder / "site.conf").write_text(site(port, portal))
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{ worker_connections 2048; }}\n"
        f"http {{ access_log off; include {folder}/site.conf; }}\n"
    )
    process = subprocess.Popen(
        [program, "-p", str(folder), "-c", str(folder / "nginx.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        eventually(lambda: answers(port), seconds=20)
        yield port
    finally:
        process.terminate()
        process.wait()


def site(port: int, portal: int) -> str:
    """The site as it is delivered, but for its addresses and TLS."""
    lines = SITE.read_text().replace("web:8000", f"127.0.0.1:{portal}")
    lines = lines.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    lines = lines.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    lines = lines.replace("/usr/share/nginx/prima", str(SITE.parent / "pages"))
    lines = lines.replace("$scheme", "https").replace("Host $host;", "Host $http_host;")
    return "\n".join(line for line in lines.splitlines() if "ssl_" not in line)


def answers(port: int) -> bool:
    """Whether something listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def slow_clients(port: int, count: int) -> Iterator[None]:
    """So many clients that send one byte a second; those that are cut off come again."""
    done = threading.Event()
    talking = threading.Thread(target=_talk, args=(port, count, done))
    talking.start()
    time.sleep(3)
    try:
        yield
    finally:
        done.set()
        talking.join()


def _talk(port: int, count: int, done: threading.Event) -> None:
    clients = [_Client(port) for _ in range(count)]
    while not done.is_set():
        for client in clients:
            client.say_one_byte()
        done.wait(1)
    for client in clients:
        client.hang_up()


class _Client:
    def __init__(self, port: int) -> None:
        self.address = ("127.0.0.1", port)
        self.connection: socket.socket | None = None

    def say_one_byte(self) -> None:
        """The next byte of its request, or the first of a new one."""
        try:
            if self.connection is None:
                self.connection = socket.create_connection(
                    self.address, timeout=1, source_address=(ADDRESS, 0)
                )
                self.bytes = iter(REQUEST + b"x" * 1_000)
            self.connection.sendall(bytes([next(self.bytes)]))
        except OSError:
            self.hang_up()

    def hang_up(self) -> None:
        """End the connection, whatever became of it."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None
