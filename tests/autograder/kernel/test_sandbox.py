"""The sandbox: what a kernel in it cannot see, write, use, or outlive.

Each test says what a student's code may try; what it would get without the wall is in the name of
the wall that it meets.
"""

import ast
import errno
import mmap
import os
import resource
import socket
import subprocess
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import ClassVar

import pytest
from traitlets.config import Config

from autograder import CLONE, REVEALING
from autograder.kernel import student_kernel
from autograder.kernel.limits import Budget, TimeLimits
from autograder.kernel.outputs import Heard
from autograder.kernel.remote import OutOfTime, Wire, WireBroken
from autograder.kernel.sandbox import Bubblewrap, why_unavailable
from autograder.kernel.sandbox.command import environment
from autograder.kernel.student_kernel import StudentKernel, World
from autograder.verdict.course_policy import lay_out, world
from tests.support.waiting import patient, wait_until

# Its own modules speak of Unix only where they are used.
if sys.platform.startswith("linux"):
    from autograder.kernel.sandbox import availability, bubblewrap, memory, syscalls, warm, watch
    from autograder.kernel.sandbox.command import BubblewrapCommand

MIB = 1 << 20

pytestmark = pytest.mark.skipif(
    why_unavailable() is not None, reason=f"needs the package bubblewrap: {why_unavailable()}"
)
needs_filter = pytest.mark.skipif(
    "syscalls" in globals() and syscalls.program() is None,
    reason="the filter of system calls has no numbers for this machine",
)


# A process starts a sandbox that nobody asked the system to end, and is killed.
LEAVES_A_SANDBOX = """
import os, signal, subprocess, sys
from tests.support.waiting import patient
from tools.bench import processes
processes.adopt()
starts = '''
import socket, time
from autograder.kernel.sandbox import Bubblewrap
from autograder.kernel.sandbox.command import BubblewrapCommand
add, left_out = BubblewrapCommand.add, "--die-with-parent"
BubblewrapCommand.add = lambda self, *words: add(self, *(w for w in words if w != left_out))
ours, theirs = socket.socketpair()
Bubblewrap().start(theirs.fileno(), {})
ours.recv(1)
print("started", flush=True)
time.sleep(600)
'''
grader = subprocess.Popen([sys.executable, "-c", starts], stdout=subprocess.PIPE)
grader.stdout.readline()
below = [processes.words(process) for process in processes.descendants()]
sandboxes = [words for words in below if "bwrap --args" in words]
kernels = [words for words in below if "parent.py" in words]
grader.kill()
grader.wait()
print(len(sandboxes) > 1, len(kernels) > 1, *processes.orphans(patient(30)))
"""


def forbidden(self):
    raise PermissionError(f"not to be told: {self}")


class Student:
    """A sandboxed kernel that is asked to run code, and answers in text."""

    def __init__(self, limits=None, given=None, shown=None, variables=None):
        visible = [str(CLONE / "saelab"), str(CLONE / "data")]
        self.process = Bubblewrap(config=Config(Bubblewrap={"visible": visible, **(limits or {})}))
        ours, theirs = socket.socketpair()
        self.wire = Wire(Connection(ours.detach()), {}, lambda *_: None)
        with theirs:
            self.process.start(theirs.fileno(), given or {}, shown, variables)
        self.wire.expect("ready", Budget(60))

    @property
    def pid(self):
        """Of the sandbox's first process, as the host numbers it."""
        assert self.process.watch is not None
        return int(self.process.watch.root.parts[2])

    def run(self, code, seconds=30):
        """What running the code shows; errors as their last line. Fails when the kernel ends."""
        heard = Heard(10_000_000)
        budget = Budget(patient(seconds))
        self.wire.request(budget, heard=heard.add, kind="cell", source=code)
        shown = []
        for output in heard.outputs():
            if output.output_type == "error":
                shown.append(f"{output.ename}: {output.evalue}")
            else:
                data = output.get("data", {})
                shown.append(output.get("text") or data.get("text/plain") or "")
                shown += [f"<{kind}>" for kind in data if kind.startswith("image/")]
        return "".join(shown).strip()

    def begin(self, code):
        """Have code run, and do not wait for it."""
        self.wire.send({"kind": "cell", "source": code, "token": "", "released": []})

    def end_of(self, code, seconds=30):
        """Why the sandbox ended when it ran the code."""
        self.begin(code)
        wait_until(lambda: self.process.poll() is not None, "its end", seconds, 0.05)
        return self.process.why_dead()

    def neighbours(self, namespace):
        """How many processes live in a PID namespace, as /proc names it."""
        found = 0
        for path in Path("/proc").glob("[0-9]*/ns/pid"):
            try:
                state = (path.parents[1] / "stat").read_text().rpartition(")")[2].split()[0]
                # Z: it has ended, and waits for the host to take notice.
                found += os.readlink(path) == namespace and state != "Z"
            except OSError:
                pass
        return found

    def close(self):
        self.wire.connection.close()
        self.process.close()


@pytest.fixture
def students():
    """A function that starts sandboxed kernels, which end with the test."""
    started = []

    def start(limits=None, **asked):
        started.append(Student(limits, **asked))
        return started[-1]

    yield start
    for student in started:
        student.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder outside of the sandbox, with a notebook that only the grader may read."""
    path = tmp_path_factory.mktemp("submitted")
    (path / "02_cost.ipynb").write_text("the notebook")
    (path / "02_cost.ipynb").chmod(0o600)
    (path / "shown").mkdir(mode=0o755)
    (path / "shown" / "stand_in.py").write_text("answer = 42\n")
    (path / "shown" / "stand_in.py").chmod(0o666)
    return path


@pytest.fixture(scope="module")
def student(folder):
    """One kernel for all that only look around."""
    os.environ["OF_THE_GRADER"] = "secret"
    notebook = folder / "02_cost.ipynb"
    one = Student(
        given={"02_cost.ipynb": notebook, "pictures/one.txt": str(notebook)},
        shown={str(folder / "shown"): str(folder / "shown")},
        variables={"ASKED": "for", "OMP_NUM_THREADS": "2"},
    )
    del os.environ["OF_THE_GRADER"]
    yield one
    one.close()


class TestWhatItSees:
    def test_what_answers_a_notebook_is_not_there(self, students, tmp_path):
        """Where the course is graded in a clone, which has it."""
        lay_out([], tmp_path)
        student = students({"visible": []}, shown=world({}, str(tmp_path)).shown)
        assert student.run("import saelab.check, saelab.widgets; print(1)") == "1"
        for name in REVEALING:
            assert (CLONE / name).is_dir()
            module = name.replace("/", ".")
            assert student.run(f"import {module}") == (
                f"ModuleNotFoundError: No module named '{module}'"
            )
            assert student.run(f"open({str(CLONE / name / '__init__.py')!r})").startswith(
                "FileNotFoundError"
            )
            assert student.run(f"import os; os.listdir({str(CLONE / name)!r})").startswith(
                "FileNotFoundError"
            )

    @pytest.mark.versions
    def test_scientific_python_and_the_course_package_work(self, student):
        code = (
            "import numpy as np, scipy.optimize, matplotlib.pyplot as plt\n"
            "from saelab.data import load_images\n"
            "print(load_images().shape, np.linalg.norm(np.ones((9, 9)) @ np.ones((9, 9))))\n"
            "plt.plot([1, 2]); plt.show()"
        )
        text = student.run(code)
        assert text.startswith("(10, 512, 512) 81.0") and text.endswith("<image/png>")

    def test_the_fonts_are_known_and_not_looked_for(self, student):
        code = "from matplotlib import font_manager as m; len(m.fontManager.ttflist) > 9"
        assert student.run(code) == "True"
        assert student.run("import os; os.listdir(os.environ['MPLCONFIGDIR'])") == "[]"

    @pytest.mark.parametrize(
        "name", ["solutions", "autograder", "notebooks", "submitted", "gradebook.db", ".git"]
    )
    def test_nothing_else_of_the_course(self, student, name):
        path = str(CLONE / name)
        assert student.run(f"import os; os.path.lexists({path!r})") == "False"

    def test_the_course_folder_holds_what_is_visible_alone(self, student):
        listed = set(student.run(f"print(*os.listdir({str(CLONE)!r}))").split())
        prefix = Path(sys.prefix)  # .venv, or build/venv-3.12 and the like
        environment = prefix.relative_to(CLONE).parts[:1] if prefix.is_relative_to(CLONE) else ()
        assert {"saelab"} <= listed <= {"saelab", "data", *environment}

    def test_no_home_and_no_neighbours_submission(self, student, folder):
        for path in (folder / "02_cost.ipynb", folder.parent, "/etc/shadow", "/var", "/sys"):
            seen = student.run(f"os.path.lexists({str(path)!r}) and os.listdir({str(path)!r})")
            assert seen in ("False", f"['{folder.name}']")

    def test_given_files_are_there(self, student):
        assert student.run("os.getcwd()") == "'/student/work'"
        read = "open('02_cost.ipynb').read(), open('pictures/one.txt').read()"
        assert student.run(read) == "('the notebook', 'the notebook')"
        assert student.run("open('pictures/new.txt', 'w').write('mine')") == "4"

    def test_small_given_files_can_be_changed_and_large_ones_not(self, students, tmp_path):
        for name, size in (("small", 10), ("large", 2**20), ("other", 10)):
            (tmp_path / name).write_bytes(bytes(size))
        names = ("small", "large", "other")
        student = students(given={f"in/{name}": tmp_path / name for name in names})
        assert (
            student.run("import os; os.remove('in/small'), open('in/small', 'w').write('new')")
            == "(None, 3)"
        )
        assert student.run("open('in/small').read(), open('in/other', 'a').write('x')") == (
            "('new', 1)"
        )
        for code in ("open('in/large', 'a')", "os.remove('in/large')"):
            assert "Error" in student.run(code)
        assert {(tmp_path / name).stat().st_size for name in ("small", "other")} == {10}

    def test_more_files_can_be_given_than_may_be_open_at_first(self, students, tmp_path):
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        for number in range(300):
            (tmp_path / f"{number}").touch()
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, limits[1]))
        try:
            student = students(given={f"{n}": tmp_path / f"{n}" for n in range(300)})
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        assert student.run("import os; len(os.listdir('.'))") == "300"

    @pytest.mark.versions
    def test_what_lies_beside_the_notebook_can_be_imported(self, student):
        open_it = "open('beside.py', 'w').write('answer = 42')"
        assert student.run(f"{open_it}\nimport beside; beside.answer") == "42"

    def test_shown_folders_are_there(self, student, folder):
        read = f"open({str(folder / 'shown' / 'stand_in.py')!r}, %r)"
        assert student.run(f"{read % 'r'}.read()") == r"'answer = 42\n'"
        assert "Read-only file system" in student.run(read % "a")

    def test_the_environment_is_its_own(self, student):
        assert student.run("os.environ.get('OF_THE_GRADER')") == ""
        assert student.run("os.environ['ASKED'], os.environ['OMP_NUM_THREADS']") == "('for', '2')"
        assert student.run("import getpass; getpass.getuser(), os.path.expanduser('~')") == (
            "('student', '/student')"
        )

    def test_no_network(self, student):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
            assert "Connection refused" in student.run(code)
        assert "unreachable" in student.run("socket.create_connection(('192.0.2.1', 80), 2)")
        assert student.run("[name for _, name in socket.if_nameindex()]") == "['lo']"

    def test_no_process_but_its_own(self, student):
        assert int(student.run("len([n for n in os.listdir('/proc') if n.isdigit()])")) < 5
        assert "Error" in student.run("os.setuid(0)")
        assert "0000000000000000" in student.run("!grep CapEff /proc/self/status")

    def test_no_privilege_and_none_to_come(self, student):
        held = student.run("!grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status").split()
        told = dict(zip(held[::2], held[1::2]))
        assert {int(told[f"Cap{kind}:"], 16) for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {0}
        assert told["NoNewPrivs:"] == "1"
        assert told["Seccomp:"] == ("2" if syscalls.program() else "0")

    def test_nothing_of_the_graders_in_its_memory(self, student):
        # But for the student's own end of the wire, which is there to be read.
        names = student.run("import sys; sorted(n for n in sys.modules if 'autograder' in n)")
        inside = "autograder.kernel.inside"
        others = {name for name in ast.literal_eval(names) if not name.startswith(inside)}
        assert others <= {"autograder", "autograder.kernel"}
        assert "OF_THE_GRADER" not in student.run("print(open('/proc/self/environ').read())")

    def test_numbers_are_computed_as_the_graders_are(self, monkeypatch):
        monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
        monkeypatch.setenv("OF_THE_GRADER", "1")
        inside = environment()
        assert inside["OPENBLAS_CORETYPE"] == "Haswell" and "OF_THE_GRADER" not in inside

    def test_another_user(self, student):
        user = int(student.run("os.getuid()"))
        assert user != 0 and user == int(student.run("os.getgid()"))
        assert int(student.run("os.getpgrp()")) != 0
        if os.geteuid() == 0:
            assert os.stat(f"/proc/{student.pid}/root/tmp").st_uid == 0
            assert user > 2**30

    def test_root_is_read_only(self, student):
        for path in ("/x", "/dev/x", "/etc/x", "/usr/x", f"{sys.prefix}/x", f"{CLONE}/x"):
            said = student.run(f"open({path!r}, 'w')")
            assert "Read-only file system" in said or "Permission denied" in said, path

    def test_every_writable_place_is_in_memory_and_limited(self, student):
        places = {}
        for line in student.run("print(open('/proc/self/mountinfo').read())").splitlines():
            mount, _, kind = line.partition(" - ")
            options = mount.split()[5].split(",")
            if "rw" in options:
                places[mount.split()[4]] = kind
        for place in ("/student", "/tmp", "/dev/shm"):
            kind = places.pop(place)
            assert kind.startswith("tmpfs") and "size=" in kind
        assert all(
            place == "/proc" or (place.startswith("/dev/") and place != "/dev/shm")
            for place in places
        )

    @pytest.mark.parametrize(
        "call",
        [
            "unshare(0x10000000)",
            "syscall(56 if os.uname().machine == 'x86_64' else 220, 0x10000000, 0, 0, 0, 0)",
            "memfd_create(b'x', 0)",
            "shmget(0, 4096, 0o1600)",
            "ptrace(0, 0, 0, 0)",
            "syscall(425, 8, 0)",
        ],
        ids=["unshare", "clone", "memfd", "shm", "ptrace", "io_uring"],
    )
    @needs_filter
    def test_calls_that_no_notebook_needs_are_refused(self, student, call):
        code = "import ctypes, os; libc = ctypes.CDLL(None, use_errno=True)\n"
        answer = student.run(f"{code}libc.{call}, ctypes.get_errno()")
        assert answer == f"(-1, {errno.EPERM})"

    @needs_filter
    @pytest.mark.parametrize("family", ["AF_VSOCK", "AF_ALG", "AF_PACKET"])
    def test_sockets_that_pass_by_the_network(self, student, family):
        answer = student.run(f"import socket; socket.socket(socket.{family})")
        assert f"[Errno {errno.EAFNOSUPPORT}]" in answer


class TestWhatItMayUse:
    def test_a_full_disk_is_its_own(self, students):
        student = students({"disk": 8 * MIB})
        for place in ("/student/work", "/tmp", "/dev/shm"):
            code = f"open('{place}/x', 'wb').write(bytes(9 << 20))"
            assert "No space left on device" in student.run(code)
        assert student.run("1 + 1") == "2"

    def test_a_long_file_is_refused(self, students):
        student = students({"file_size": 4 * MIB})
        assert "File too large" in student.run("open('/tmp/x', 'wb').write(bytes(9 << 20))")

    def test_one_array_of_five_gigabytes(self, student):
        assert "MemoryError" in student.run("import numpy; numpy.ones(5 << 27)")
        assert student.run("1 + 1") == "2"

    MEMORY: ClassVar[dict[str, str]] = {
        "forks": (
            "import os, time\n"
            "for _ in range(6):\n"
            "    if os.fork() == 0:\n"
            "        mine = bytearray(b'x') * (100 << 20); time.sleep(60)"
        ),
        "files": (
            "for n in range(40):\n    open(f'/dev/shm/{n}', 'wb').write(bytes(16 << 20))\n"
            "import time; time.sleep(60)"
        ),
        "unlinked": (
            "files = [open('/tmp/x', 'wb') for n in range(40) if not n or not os.remove('/tmp/x')]"
            "\nfor file in files: file.write(bytes(16 << 20)); file.flush()\n"
            "import time; time.sleep(60)"
        ),
        "shared": (
            "import mmap, time; shared = mmap.mmap(-1, 600 << 20)\n"
            "for place in range(0, 600 << 20, 4096): shared[place] = 1\ntime.sleep(60)"
        ),
        "shared, unmapped": (
            "import mmap, time; shared = mmap.mmap(-1, 600 << 20)\n"
            "for place in range(0, 600 << 20, 4096):\n"
            "    shared[place] = 1\n"
            "    place % (8 << 20) or shared.madvise(mmap.MADV_DONTNEED)\n"
            "time.sleep(60)"
        ),
        "shared, of which a page is left": (
            "import ctypes, time; libc = ctypes.CDLL(None); libc.mmap.restype = ctypes.c_void_p\n"
            "for _ in range(60):\n"
            "    start = libc.mmap(None, 10 << 20, 3, 0x21, -1, 0)\n"
            "    ctypes.memset(start, 1, 10 << 20)\n"
            "    libc.munmap(ctypes.c_void_p(start), (10 << 20) - 4096)\n"
            "time.sleep(60)"
        ),
        "without its first thread": (
            "import ctypes, threading, time\n"
            "def grow(): time.sleep(0.3); mine = bytearray(b'x') * (600 << 20); time.sleep(60)\n"
            "if os.fork() == 0:\n"
            "    threading.Thread(target=grow).start()\n"
            "    ctypes.CDLL(None).syscall(60 if os.uname().machine == 'x86_64' else 93, 0)\n"
            "time.sleep(60)"
        ),
        "sockets": (
            "import socket, time; pairs = [socket.socketpair() for _ in range(1500)]\n"
            "for pair in pairs:\n"
            "    for one in pair:\n"
            "        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20)\n"
            "        one.setblocking(False); one.send(bytes(8 << 20))\n"
            "time.sleep(60)"
        ),
        "connections": (
            "import socket, time; server = socket.create_server(('127.0.0.1', 0), backlog=300)\n"
            "pairs = []\n"
            "for _ in range(120):\n"
            "    one = socket.create_connection(server.getsockname())\n"
            "    pairs.append((one, server.accept()[0]))\n"
            "    one.setblocking(False)\n"
            "    try:\n"
            "        while one.send(bytes(1 << 20)): pass\n"
            "    except BlockingIOError: pass\n"
            "time.sleep(60)"
        ),
        "mappings": (
            "import ctypes, time; libc = ctypes.CDLL(None); libc.mmap.restype = ctypes.c_void_p\n"
            "for _ in range(4): os.fork()\n"
            "for n in range(30_000): libc.mmap(None, 4096, 1 + n % 2, 0x22, -1, 0)\n"
            "time.sleep(60)"
        ),
        "empty files": (
            "import time\nfor n in range(1_000_000): open(f'/tmp/{n}', 'w').close()\ntime.sleep(60)"
        ),
    }

    @pytest.mark.parametrize("way", MEMORY)
    def test_memory_of_all_together(self, students, way):
        size = 160 if way == "empty files" else 400
        student = students({"memory": size * MIB, "disk": 2048 * MIB, "files": 4096})
        why = student.end_of("import os\n" + self.MEMORY[way])
        assert why == f"it used more than {size} MiB of memory"

    def test_what_only_root_is_told_of_shared_memory(self, monkeypatch):
        held = mmap.mmap(-1, 8 * MIB)
        held[: 2 * MIB] = bytes(2 * MIB)
        for told in (True, False):
            if not told:
                monkeypatch.setattr(Path, "stat", forbidden)
            elif os.geteuid() != 0:
                continue
            objects = memory.Objects()
            objects.add(Path("/proc/self"))
            wanted = 2 * MIB if told else 8 * MIB
            assert wanted in objects.sizes.values() and objects.guessed == (not told)

    def test_what_was_once_held_and_cannot_be_seen_counts(self):
        before, now = memory.Objects(), memory.Objects()
        before.sizes, now.sizes = {1: 5, 2: 7}, {1: 3, 3: 4}
        assert now.remember(before) == 2
        assert now.sizes == {1: 5, 3: 4} and now.bytes() == 9

    @needs_filter
    def test_who_hides_its_memory(self, student):
        code = "import ctypes; ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)"
        assert student.run(code) == "-1"

    def test_memory_that_forks_share_counts_once(self, students):
        student = students({"memory": 600 * MIB})
        student.run(
            "import os, time; mine = bytearray(b'x') * (250 << 20)\n"
            "children = [os.fork() or (time.sleep(1.5), os._exit(0)) for _ in range(4)]\n"
            "time.sleep(2)"
        )
        assert student.run("1 + 1") == "2"

    @pytest.mark.parametrize("forks", [0, 3])
    def test_processor_time_of_all_together(self, students, forks):
        student = students({"cpu": 3})
        code = f"import os\nfor _ in range({forks}): os.fork()\nwhile True: pass"
        assert student.end_of(code) == "it used more than 3 seconds of processor time"

    @needs_filter
    def test_a_session_of_its_own_is_not_given(self, student):
        code = (
            "import os\n"
            "def group(): path = '/proc/self/autogroup'; return os.path.exists(path) and "
            "open(path).read()\n"
            "before = os.getsid(0), group()\n"
            "read, write = os.pipe()\n"
            "if os.fork() == 0: os.setsid(); os.write(write, b'%d' % ((os.getsid(0), group()) == "
            "before)); os._exit(0)\n"
            "os.wait(); os.read(read, 9)"
        )
        assert student.run(code) == "b'1'"

    def test_many_that_run_have_the_share_of_one(self, students):
        student = students()
        student.run(
            "import os, threading\n"
            "def burn():\n    while True: pass\n"
            "for _ in range(10): os.fork() or burn()\n"
            "threading.Thread(target=burn, daemon=True).start()"
        )
        priority = "import os; os.getpriority(os.PRIO_PROCESS, 0)"
        wait_until(lambda: int(student.run(priority)) > 6, "a lower priority", 10)
        nice = student.run(
            "{open(f'/proc/{n}/stat').read().rpartition(')')[2].split()[16]"
            " for n in os.listdir('/proc') if n.isdigit() and os.stat(f'/proc/{n}').st_uid == "
            "os.getuid()}"
        )
        assert min(map(int, ast.literal_eval(nice))) > 6
        assert "Permission denied" in student.run("os.setpriority(os.PRIO_PROCESS, 0, 0)")

    @pytest.mark.parametrize("running, nice", [(0, 0), (1, 0), (2, 3), (10, 10), (10_000, 19)])
    def test_the_share_of_one(self, running, nice):
        assert watch.niceness(running) == nice

    @pytest.mark.long
    def test_a_fork_bomb_leaves_no_one(self, students):
        student = students()
        namespace = os.readlink(f"/proc/{student.pid}/ns/pid")
        student.run(
            "import os, signal, time\n"
            "def stay():\n"
            "    os.setsid()\n"
            "    for number in (1, 2, 15): signal.signal(number, signal.SIG_IGN)\n"
            "    os.closerange(3, 256)\n"
            "    if os.fork(): os._exit(0)\n"
            "    time.sleep(600)\n"
            "for _ in range(300):\n"
            "    try: child = os.fork()\n"
            "    except BlockingIOError: continue\n"
            "    if child == 0:\n"
            "        try: stay()\n"
            "        finally: os._exit(1)\n"
            "    os.waitpid(child, 0)"
        )
        assert 20 < student.neighbours(namespace) <= 66
        student.process.close()
        assert student.neighbours(namespace) == 0

    def test_nobody_is_left_when_the_kernel_ends_by_itself(self, students):
        student = students()
        namespace = os.readlink(f"/proc/{student.pid}/ns/pid")
        student.run("import os, time; os.fork() or (os.setsid(), time.sleep(600))[0]", 3)
        why = student.end_of("import os; os._exit(3)")
        assert why == "it ended by itself, with exit status 3"
        student.process.close()
        assert student.neighbours(namespace) == 0

    def test_it_is_the_first_to_go_when_memory_is_short(self, student):
        assert student.run("!cat /proc/self/oom_score_adj") == "1000"


class TestHowItIsHeld:
    def test_what_programs_print_belongs_to_the_cell_and_reaches_no_terminal(self, students, capfd):
        student = students({"file_size": 2 * MIB})
        said = student.run("import os, sys; print('a'); os.write(1, b'b'); os.write(2, b'c')")
        assert said == "a\n1bc"
        assert student.run("sys.__stdout__.write('flood'); sys.__stdout__.flush()") == "flood"
        printed = capfd.readouterr()
        assert printed.out == "" and printed.err == ""

    def test_a_shell_command_shows_what_it_prints_and_how_it_ended(self, student):
        assert student.run("!echo a; echo b >&2; exit 3") == "a\nb"
        assert student.run("_exit_code") == "3"
        assert student.run("word = 'c'\n!echo $word") == "c"
        assert student.run("!sleep 1 &") == "OSError: Background processes not supported."

    def test_a_handler_of_a_signal_prints_in_the_middle_of_a_print(self, students):
        said = students().run(
            "import signal, time\n"
            "ticks = []\n"
            "def tick(*_): print('tick'); ticks.append(1)\n"
            "signal.signal(signal.SIGALRM, tick)\n"
            "signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)\n"
            "n = 0\n"
            "while len(ticks) < 40: print('-' * 10); n += 1\n"
            "signal.setitimer(signal.ITIMER_REAL, 0)\n"
            "print('end', n)"
        )
        assert said.count("tick") == 40 and said.endswith(f"end {said.count('-' * 10)}")

    def test_of_open_files_it_has_the_wire_alone(self, students):
        student = students()
        links = student.run(
            "import os\n"
            "print(*[os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd')"
            " if os.path.lexists(f'/proc/self/fd/{n}')])"
        ).split()
        assert sum(link.startswith("socket:") for link in links) == 1
        assert not [link for link in links if link.startswith(("pipe:", "anon_inode:", "/memfd"))]
        student.process.close()
        with pytest.raises(WireBroken):
            student.run("1 + 1")

    @pytest.mark.versions
    def test_an_endless_loop_can_be_interrupted(self, students):
        student = students()
        with pytest.raises(OutOfTime) as late:
            student.wire.request(
                Budget(0.5), student.process.interrupt, kind="cell", source="while True: pass"
            )
        assert late.value.calm
        assert student.run("1 + 1", 10) == "2"

    def test_an_interrupt_of_nobody_is_nothing(self, students):
        student = students()
        student.process.interrupt()
        assert student.run("1 + 1", 10) == "2"

    @pytest.mark.parametrize(
        "code",
        [
            "import signal, time\nsignal.signal(2, signal.SIG_IGN)\n"
            "signal.signal(15, signal.SIG_IGN)\nwhile True: time.sleep(1)",
            "import ctypes; ctypes.PyDLL(None).sleep(600)",
        ],
        ids=["signals ignored", "lock of the interpreter held"],
    )
    def test_it_ends_when_told_to(self, students, code):
        student = students()
        student.begin(code)
        time.sleep(0.3)
        student.process.kill()
        wait_until(lambda: student.process.poll() is not None, "its end", 3, 0.01)
        assert student.process.why_dead() == "it was ended by signal 9 (Killed)"
        student.process.close()

    def test_a_giant_output_does_not_reach_the_grader(self, students):
        student = students()
        assert len(student.run("print('x' * (40 << 20))")) < 11_000_000
        assert student.run("1 + 1") == "2"

    def test_kernels_of_one_parent_share_no_chance(self, students):
        code = "import random, numpy; random.random(), numpy.random.random()"
        one, two = (eval(students().run(code)) for _ in range(2))
        assert one[0] != two[0] and one[1] != two[1]

    def test_it_ends_with_the_grader_though_the_grader_was_too_quick(self):
        """bubblewrap asks the system to end it with its parent, when its parent may be gone."""
        words = [sys.executable, "-c", LEAVES_A_SANDBOX]
        answer = subprocess.run(words, check=False, capture_output=True, text=True, timeout=120)
        assert answer.stdout == "True True\n", answer.stdout + answer.stderr

    def test_a_parent_that_is_gone_is_replaced(self, students):
        students()
        before = warm.WARM.process
        assert before is not None
        before.kill()
        before.wait()
        assert students().run("1 + 1") == "2"
        assert warm.WARM.process is not before

    def test_a_parent_that_cannot_start_tells_why(self, monkeypatch, tmp_path):
        (tmp_path / "parent.py").write_text("raise ImportError('of all things')")
        monkeypatch.setattr(warm, "PROGRAM", tmp_path / "parent.py")
        monkeypatch.setattr(bubblewrap, "WARM", warm.Warm())
        with pytest.raises(RuntimeError, match=r"does not start:\n(.*\n)*.*of all things"):
            Student()

    def test_a_kernel_that_cannot_start_tells_why(self, monkeypatch, tmp_path):
        monkeypatch.setattr(bubblewrap, "WORK", "/nowhere")
        said = "did not start: it ended by itself, with exit status 1\\n(.*\\n)*.*/nowhere"
        kernel = StudentKernel(Bubblewrap, tmp_path, TimeLimits(), World())
        with pytest.raises(RuntimeError, match=said):
            kernel.start_kernel()

    def test_a_kernel_that_takes_too_long_tells_so(self, monkeypatch, tmp_path):
        monkeypatch.setattr(student_kernel, "START", -1)
        kernel = StudentKernel(Bubblewrap, tmp_path, TimeLimits(), World())
        with pytest.raises(RuntimeError, match="did not start: it took more than -1 s"):
            kernel.start_kernel()


class TestWhatIsRefused:
    @pytest.mark.parametrize("name", ["../x", "/x", "", "a/../../x"])
    def test_files_outside_of_the_working_folder(self, name):
        with pytest.raises(ValueError, match="not a path inside"):
            BubblewrapCommand().given({name: ""})

    def test_links_and_folders_as_given_files(self, tmp_path):
        (tmp_path / "link").symlink_to("/etc/passwd")
        with pytest.raises(OSError, match="symbolic links"):
            BubblewrapCommand().given({"link": tmp_path / "link"})
        with pytest.raises(ValueError, match="not a regular file"):
            BubblewrapCommand().given({"folder": tmp_path})

    def test_usage_that_exceeds_a_limit(self):
        limits = watch.Limits(memory=100 * MIB, received=100 * MIB, cpu=5, processes=3)
        one = watch.Watch(os.getpid(), limits, print)
        assert one.exceeded(watch.Usage(99 * MIB, 4.9, 3)) is None
        assert "memory" in str(one.exceeded(watch.Usage(101 * MIB, 1, 1)))
        assert "processor" in str(one.exceeded(watch.Usage(1, 5.1, 1)))
        assert "processes" in str(one.exceeded(watch.Usage(1, 1, 4)))
        one.before -= 101 * MIB
        assert one.exceeded(watch.Usage()) == "it sent more than 100 MiB to the grader"

    def test_a_machine_out_of_memory(self, monkeypatch):
        one = watch.Watch(os.getpid(), watch.Limits(MIB, MIB, 1, 1), print)
        assert 0 < watch.available() < 1
        monkeypatch.setattr(watch, "available", lambda: 0.04)
        assert one.exceeded(watch.Usage()) == watch.MACHINE
        assert one.exceeded(watch.Usage(memory=MIB // 2)) == watch.TOGETHER != watch.MACHINE


class TestWhatIsSaidWhereThereIsNone:
    @pytest.fixture(autouse=True)
    def ask_again(self):
        why_unavailable.cache_clear()
        yield
        why_unavailable.cache_clear()

    def test_bubblewrap_is_not_installed(self, monkeypatch, tmp_path):
        monkeypatch.setenv("PATH", str(tmp_path))
        assert "apt install bubblewrap" in str(why_unavailable())
        with pytest.raises(RuntimeError, match="apt install bubblewrap"):
            Student()

    def test_bubblewrap_is_too_old(self, monkeypatch):
        monkeypatch.setattr(availability, "_answer", lambda command: "bubblewrap 0.6.1")
        assert (
            why_unavailable()
            == "The sandbox needs bubblewrap 0.8 or newer; this is 'bubblewrap 0.6.1'."
        )

    def test_another_system(self, monkeypatch):
        monkeypatch.setattr(sys, "platform", "darwin")
        assert "Linux container" in str(why_unavailable())

    def test_user_namespaces_are_forbidden(self, monkeypatch, tmp_path):
        (tmp_path / "switch").write_text("1\n")
        forbidden = {str(tmp_path / "switch"): ("1", "ask for them")}
        monkeypatch.setattr(availability, "SWITCHES", forbidden)
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        monkeypatch.setattr(
            availability, "_tried", lambda: "bwrap: No permissions to create namespace"
        )
        assert str(why_unavailable()).endswith(
            "(bwrap: No permissions to create namespace): ask for them."
        )

    def test_a_container_without_privileges(self, monkeypatch):
        monkeypatch.setattr(availability, "SWITCHES", {})
        monkeypatch.setattr(availability, "_tried", lambda: "bwrap: Operation not permitted")
        assert "docker run --privileged" in str(why_unavailable())

    def test_python_that_others_may_not_read(self, monkeypatch):
        monkeypatch.setattr(availability, "_tried", lambda: "prlimit: python: Permission denied")
        assert "chmod -R go+rX" in str(why_unavailable()) and sys.prefix in str(why_unavailable())
