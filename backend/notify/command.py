"""A command hook: a program of this machine is started with the notice on its standard input, as one JSON object.

It is started from a list of words, never through a shell, in a process group of its own, with little environment, and
is ended when it takes too long or writes without end. Its exit code says whether the notice is delivered: 0 it is.
"""

from __future__ import annotations

import os
import selectors
import signal
import stat
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

from backend.feeds.fault import FeedError
from backend.feeds.secret import read_secret
from backend.notify.channels import Spec
from backend.notify.envelope import Envelope
from backend.notify.numbers import Numbers
from backend.notify.results import Failure
from backend.text import clean
from backend.words import Message
from backend.words.message import Scalar

PASSED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")
"""What a command is told of our environment: no key of ours is in these."""
_CHUNK = 65536
_RUNNING: set[subprocess.Popen[bytes]] = set()
"""The commands that run now, each waited for by a thread of its own."""


def send(spec: Spec, envelope: Envelope, zone: ZoneInfo, held: Numbers) -> None:
    """Start the command and wait for its end.

    Raises:
        Failure: it could not be started, took too long, wrote too much, or said that it failed.
    """
    program = Path(spec.argv[0])
    _trusted(program)
    try:
        secret = read_secret(spec.secret) if spec.secret else ""
    except FeedError as error:
        raise Failure(error.message) from error
    body = envelope.body(zone, **({"secret": secret} if secret else {})) + b"\n"
    try:
        process = subprocess.Popen(
            spec.argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={name: os.environ[name] for name in PASSED if name in os.environ},
            cwd="/",
            start_new_session=True,
            close_fds=True,
        )
    except (OSError, ValueError) as error:
        why = clean(str(error), limit=120)
        raise Failure(Message("channel.command.start", {"command": program.name, "error": why})) from error
    _RUNNING.add(process)
    try:
        output, fault = _talk(process, body, spec.timeout, held)
    finally:
        _RUNNING.discard(process)
        _end(process)
    text = output.decode("utf-8", "replace")
    said = clean(text.replace(secret, "***") if secret else text, limit=held.kept_characters)
    if fault:
        raise Failure(Message(fault, {"command": program.name, "seconds": spec.timeout, "said": said}))
    if process.returncode != 0:
        args: dict[str, Scalar] = {"command": program.name, "exit": process.returncode, "said": said}
        raise Failure(Message("channel.command.exit", args))


def _trusted(program: Path) -> None:
    """Only what nobody but its owner or the machine's own can have written is started."""
    try:
        found = program.stat()
    except OSError as error:
        raise Failure(Message("channel.command.missing", {"command": str(program)})) from error
    ours = found.st_uid in (0, os.getuid())
    if not stat.S_ISREG(found.st_mode) or not os.access(program, os.X_OK):
        raise Failure(Message("channel.command.missing", {"command": str(program)}))
    if not ours or found.st_mode & 0o022:
        raise Failure(Message("channel.command.open", {"command": str(program)}))


def _talk(process: subprocess.Popen[bytes], body: bytes, timeout: int, held: Numbers) -> tuple[bytes, str]:
    """Give it the body and read what it says, both with a bound; what it said, and why it must be ended."""
    assert process.stdin is not None
    assert process.stdout is not None
    deadline = time.monotonic() + timeout
    said, size, left = b"", 0, memoryview(body)
    os.set_blocking(process.stdin.fileno(), False)
    os.set_blocking(process.stdout.fileno(), False)
    with selectors.DefaultSelector() as watch:
        watch.register(process.stdin, selectors.EVENT_WRITE)
        watch.register(process.stdout, selectors.EVENT_READ)
        while watch.get_map():
            wait = deadline - time.monotonic()
            if wait <= 0:
                return said, "channel.command.slow"
            for key, _ in watch.select(wait):
                if key.fileobj is process.stdin:
                    left = _given(process, left)
                    if not left:
                        watch.unregister(process.stdin)
                        _close(process)
                    continue
                part = os.read(process.stdout.fileno(), _CHUNK)
                if not part:
                    watch.unregister(process.stdout)
                    continue
                size += len(part)
                said += part[: max(0, held.read_bytes - len(said))]
                if size > held.flood_bytes:
                    return said, "channel.command.flood"
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return said, "channel.command.slow"
    return said, ""


def _given(process: subprocess.Popen[bytes], left: memoryview) -> memoryview:
    """Write what the pipe takes; a command that does not read is none of our business."""
    assert process.stdin is not None
    try:
        return left[os.write(process.stdin.fileno(), left[:_CHUNK]) :]
    except BlockingIOError:
        return left
    except OSError:
        return left[:0]


def end_all() -> None:
    """End the commands that run: this process ends, and nobody would hear what they say."""
    for process in list(_RUNNING):
        # One that was waited for has left its number to others.
        with suppress(OSError):
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it, where it has not ended, with all that it started, and let go of its pipes."""
    if process.returncode is None:
        # Not yet waited for, so that its number can be nobody else's.
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    _close(process)
    if process.stdout is not None:
        process.stdout.close()
