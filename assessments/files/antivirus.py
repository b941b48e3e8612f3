"""Asks a ClamAV daemon about a file, by its INSTREAM command. Without an address nobody is asked."""

import socket
import struct

import structlog
from django.conf import settings

from assessments.enums import ScanState

logger = structlog.get_logger(__name__)
TIMEOUT_SECONDS = 5.0
CHUNK = 64 * 1024


def scan(content: bytes) -> ScanState:
    """What the scanner says: CLEAN or INFECTED; WAITING where it does not answer in time."""
    if not settings.CLAMAV_ADDRESS:
        return ScanState.UNSCANNED
    try:
        answer = _ask(settings.CLAMAV_ADDRESS, content)
    except OSError as error:
        logger.warning("antivirus.away", error=str(error))
        return ScanState.WAITING
    if answer.endswith(b"FOUND"):
        return ScanState.INFECTED
    if answer.endswith(b"OK"):
        return ScanState.CLEAN
    logger.warning("antivirus.unclear", answer=answer[:200].decode(errors="replace"))
    return ScanState.WAITING


def _ask(address: str, content: bytes) -> bytes:
    with _connected(address) as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            chunk = content[start : start + CHUNK]
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and (received := connection.recv(1024)):
            answer += received
    return answer.strip(b"\0\n ")


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(TIMEOUT_SECONDS)
        connection.connect(address)
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS)
