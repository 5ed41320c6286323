"""Keep a long-running process small: how the C library hands memory back.

glibc gives every thread a heap of its own, up to eight a core, and a heap keeps what its largest hour took. A console
runs its jobs in threads that come and go every few seconds: after some minutes its heaps held 400 MB, of which 100 were
in use (`tests.bench.memory`). With one heap, and large blocks (numpy's arrays, a feed's page) mapped by themselves, a
process is about as large as what it holds. Python's own lock lets hardly two threads allocate at once anyway.
"""

from __future__ import annotations

HEAPS = 1
LARGE = 1 << 20
"""Bytes from which a block is mapped by itself, and goes back the moment it is let go. Left alone, glibc raises this to
32 MB by the first large blocks that it sees."""
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
"""``malloc.h``: M_MMAP_THRESHOLD, M_ARENA_MAX."""


def settle() -> bool:
    """Say so to the C library, before any thread starts; False where it is another one, which needs no telling."""
    try:
        import ctypes

        mallopt = ctypes.CDLL(None).mallopt
    except (ImportError, OSError, AttributeError, TypeError):
        return False
    return bool(mallopt(_ARENA_MAX, HEAPS) and mallopt(_MMAP_THRESHOLD, LARGE))
