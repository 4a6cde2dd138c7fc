"""A filter of system calls: it refuses what no notebook needs, and what limits do not reach.

The sandbox shares the kernel of the operating system with everything else on the machine, and
nothing but that kernel separates them. So the calls that reach its rarely used parts are refused:
new user namespaces (in which a process is root, with file systems of any size), other kinds of
sockets (vsock talks to the host of a virtual machine, with or without a network namespace), memory
that belongs to no process and so escapes a count by process, what counts for the whole machine, and
the tools to look into other processes.

Some calls are answered as if they were done, and are not: programs go on, and hardly notice. A new
session would have a share of the processors for itself (man 7 sched, "The autogroup feature"), and
a socket's buffers keep the size that they are counted by (memory.py).
"""

import errno
import functools
import platform
import struct

# Names and numbers of the refused calls, for each machine: asm/unistd.h.
REFUSED = {
    "x86_64": {
        "unshare": 272, "setns": 308, "shmget": 29, "msgget": 68, "semget": 64, "mq_open": 240,
        "memfd_create": 319, "memfd_secret": 447, "add_key": 248, "request_key": 249,
        "keyctl": 250, "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311,
        "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "io_uring_setup": 425,
        "open_by_handle_at": 304, "fanotify_init": 300, "modify_ldt": 154, "vmsplice": 278,
        "io_setup": 206, "pidfd_getfd": 438,
    },
    "aarch64": {
        "unshare": 97, "setns": 268, "shmget": 194, "msgget": 186, "semget": 190, "mq_open": 180,
        "memfd_create": 279, "memfd_secret": 447, "add_key": 217, "request_key": 218,
        "keyctl": 219, "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271,
        "bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "io_uring_setup": 425,
        "open_by_handle_at": 265, "fanotify_init": 262, "vmsplice": 75, "io_setup": 0,
        "pidfd_getfd": 438,
    },
}  # fmt: skip
# linux/audit.h, and the calls that are refused for some of their arguments, or only seem done.
MACHINES = {
    "x86_64": {
        "audit": 0xC000003E, "clone": 56, "clone3": 435, "socket": 41, "prctl": 157,
        "setsockopt": 54, "setsid": 112,
    },
    "aarch64": {
        "audit": 0xC00000B7, "clone": 220, "clone3": 435, "socket": 198, "prctl": 167,
        "setsockopt": 208, "setsid": 157,
    },
}  # fmt: skip
FOREIGN = 1 << 30  # from here on, calls of x32 programs on x86_64
NEW_USER_NAMESPACE = 0x10000000
SET_DUMPABLE = 4  # who is not dumpable hides from the grader how much memory it has
SOL_SOCKET, SO_SNDBUF, SO_RCVBUF = 1, 7, 8
FAMILIES = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: without a network, harmless

# linux/bpf_common.h and linux/seccomp.h; offsets into struct seccomp_data.
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
NUMBER, AUDIT, ARGUMENT, SECOND, THIRD = 0, 4, 16, 24, 32
DONE = 0  # no error


@functools.cache
def program(machine: str | None = None) -> bytes | None:
    """Make the filter, as the system call prctl takes it.

    Args:
        machine: the name of the processor architecture, as platform.machine() gives it. None means
            this machine.

    Returns:
        The filter; None for a machine whose numbers of system calls are not listed here.
    """
    machine = machine or platform.machine()
    if machine not in MACHINES:
        return None
    known = MACHINES[machine]
    # Each instruction: what to do, with what, and how many to skip if true and if false.
    lines = [
        (LOAD, AUDIT, 0, 0),
        (EQUAL, known["audit"], 1, 0),
        _refuse(errno.ENOSYS),  # calls in another machine's numbers
        (LOAD, NUMBER, 0, 0),
        (AT_LEAST, FOREIGN, 0, 1),
        _refuse(errno.ENOSYS),
        # Its flags lie in memory, where the filter cannot read; the C library then uses clone.
        (EQUAL, known["clone3"], 0, 1),
        _refuse(errno.ENOSYS),
        (EQUAL, known["clone"], 0, 4),
        (LOAD, ARGUMENT, 0, 0),
        (ANY_BIT, NEW_USER_NAMESPACE, 0, 1),
        _refuse(errno.EPERM),
        (LOAD, NUMBER, 0, 0),
        (EQUAL, known["socket"], 0, len(FAMILIES) + 3),
        (LOAD, ARGUMENT, 0, 0),
        *((EQUAL, family, len(FAMILIES) - n, 0) for n, family in enumerate(FAMILIES)),
        _refuse(errno.EAFNOSUPPORT),
        (LOAD, NUMBER, 0, 0),
        (EQUAL, known["prctl"], 0, 4),
        (LOAD, ARGUMENT, 0, 0),
        (EQUAL, SET_DUMPABLE, 0, 1),
        _refuse(errno.EPERM),
        (LOAD, NUMBER, 0, 0),
        (EQUAL, known["setsockopt"], 0, 7),
        (LOAD, SECOND, 0, 0),
        (EQUAL, SOL_SOCKET, 0, 4),
        (LOAD, THIRD, 0, 0),
        (EQUAL, SO_SNDBUF, 1, 0),
        (EQUAL, SO_RCVBUF, 0, 1),
        _refuse(DONE),
        (LOAD, NUMBER, 0, 0),
        (EQUAL, known["setsid"], 0, 1),
        _refuse(DONE),
    ]
    for number in REFUSED[machine].values():
        lines += [(EQUAL, number, 0, 1), _refuse(errno.EPERM)]
    lines.append((RETURN, ALLOW, 0, 0))
    return b"".join(struct.pack("=HBBI", do, yes, no, value) for do, value, yes, no in lines)


def _refuse(error: int) -> tuple[int, int, int, int]:
    return (RETURN, REFUSE | error, 0, 0)
