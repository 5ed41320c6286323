"""The C library keeps one heap for a process that was told so, however many threads it has."""

from __future__ import annotations

import subprocess
import sys

import pytest

ASK = """
import ctypes, sys, tempfile, threading
from backend import heap

library = ctypes.CDLL(None)
if not hasattr(library, "malloc_info"):
    sys.exit(77)
if sys.argv[1] == "told":
    assert heap.settle()
allocate = library.malloc
allocate.restype, allocate.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
together = threading.Barrier(6)

def work():
    together.wait()
    allocate(2000)
    together.wait()

threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
library.fopen.restype, library.fopen.argtypes = ctypes.c_void_p, [ctypes.c_char_p] * 2
library.malloc_info.argtypes, library.fclose.argtypes = [ctypes.c_int, ctypes.c_void_p], [ctypes.c_void_p]
with tempfile.NamedTemporaryFile() as file:
    stream = library.fopen(file.name.encode(), b"w")
    library.malloc_info(0, stream)
    library.fclose(stream)
    print(file.read().count(b"<heap nr="))
"""


def heaps(how: str) -> int:
    ran = subprocess.run([sys.executable, "-c", ASK, how], capture_output=True, text=True, check=False)
    if ran.returncode == 77:
        pytest.skip("not glibc: nothing to tell")
    assert ran.returncode == 0, ran.stderr
    return int(ran.stdout)


def test_threads_share_a_heap_where_it_was_said_and_have_their_own_where_not() -> None:
    assert heaps("told") == 1
    assert heaps("left alone") > 1
