"""Namespaces of its own for each submission's kernel, inside the sandbox that bubblewrap made for all.

The kernel's process sees no other process, writes to a scratch folder of limited size that ends with it,
and cannot reach the process it was forked from. Linux alone; the numbers are those of its headers.
"""

import ctypes
import os
import resource
import struct
import sys

from ._system_calls import ARCHITECTURES, CLONE3, REFUSED

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x20000,
    0x4000000,
    0x8000000,
    0x10000000,
    0x20000000,
    1 << 30,
)
READ_ONLY, NO_SUID, NO_DEV = 1, 2, 4
SET_PDEATHSIG, SET_DUMPABLE, SET_SECCOMP, SET_NO_NEW_PRIVS = 1, 4, 22, 38
KILL = 9

libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: object) -> None:
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def become_nobody() -> None:
    """Give up root: limits do not hold for it."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
        libc.prctl(SET_DUMPABLE, 1, 0, 0, 0)  # or the kernel withholds /proc/self/uid_map


def die_with_parent() -> None:
    """Have the kernel end this process when the one that forked it ends."""
    if sys.platform == "linux":
        libc.prctl(SET_PDEATHSIG, KILL, 0, 0, 0)


def enter() -> None:
    """Leave the shared namespaces; processes forked from now on live in a world of their own."""
    user, group = os.getuid(), os.getgid()
    _call("unshare", NEWUSER | NEWNS | NEWIPC | NEWPID | NEWUTS | NEWNET)
    for file, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open(f"/proc/self/{file}", "w") as map_:
            map_.write(line)


def furnish(scratch: int) -> None:
    """Give the new world a scratch folder of that many bytes, and hide what the older one could write."""
    _tmpfs("/tmp", scratch, NO_SUID | NO_DEV)
    _tmpfs("/dev/shm", scratch, NO_SUID | NO_DEV)
    _tmpfs("/proc", 4096, READ_ONLY)


def _tmpfs(path: str, size: int, flags: int) -> None:
    mode = 555 if flags & READ_ONLY else 1777
    _call(
        "mount", b"tmpfs", path.encode(), b"tmpfs", flags, f"size={size},mode={mode},nr_inodes=10000".encode()
    )


def limit(memory: int, processes: int, file_size: int) -> None:
    """Set what no process of the submission may go beyond."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(what, (most, most))


def give_up_powers() -> None:
    """Drop the capabilities that making the namespaces took, and refuse what could bring them back."""
    libc.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    header, nothing = struct.pack("=Ii", 0x20080522, 0), bytes(24)
    _call("capset", header, nothing)
    _refuse_system_calls()


LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, REFUSE, ABSENT, END = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000


def _refuse_system_calls() -> None:
    """Install a filter of system calls, a small program that looks at their numbers."""
    machine = os.uname().machine
    if machine not in ARCHITECTURES:
        return
    architecture, clone, column = ARCHITECTURES[machine]
    steps = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, architecture), (RETURN, 0, 0, END), (LOAD, 0, 0, 0)]
    for number in sorted(n for numbers in REFUSED.values() if (n := numbers[column]) is not None):
        steps += [(EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE)]
    # clone3 hides its flags behind a pointer: it is said to be absent, and libraries fall back to clone.
    steps += [(EQUAL, 0, 1, CLONE3), (RETURN, 0, 0, ABSENT)]
    if machine == "x86_64":  # a second set of numbers leads to the same calls
        steps += [(0x35, 0, 1, 0x40000000), (RETURN, 0, 0, REFUSE)]
    steps += [(EQUAL, 0, 3, clone), (LOAD, 0, 0, 16), (ANY_BIT, 0, 1, NEWUSER), (RETURN, 0, 0, REFUSE)]
    steps += [(RETURN, 0, 0, ALLOW)]
    program = b"".join(struct.pack("=HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(program, len(program))
    pointer = struct.pack("@HP", len(steps), ctypes.addressof(buffer))
    _call("prctl", SET_SECCOMP, 2, pointer, 0, 0)
