"""What runs inside of the arena: nbgrader's commands, and then a look at what was left behind.

    python inside.py PLAN RESULT

It is the first process of its PID namespace: nothing that an attack starts outlives it, and no
signal from within stops it. It imports nbgrader once and forks a process for each command.
"""

import contextlib
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil

MOST_PROCESSES = 1500
# IPython keeps what was typed; that an attack's own text is in there is no trace of it.
NO_TRACE = ("history.sqlite", "history.sqlite-journal")


def main(plan_path, result_path):
    plan = json.loads(Path(plan_path).read_text())
    # It holds the secrets, and attacks look around.
    Path(plan_path).unlink()
    result: dict[str, Any] = {"commands": []}

    def finish(**more):
        result.update(more)
        Path(result_path).write_text(json.dumps(result))
        os._exit(0)

    def count():
        while True:
            time.sleep(0.1)
            if len(psutil.pids()) > MOST_PROCESSES:
                finish(stopped=f"more than {MOST_PROCESSES} processes")

    import nbgrader.apps.nbgraderapp  # noqa: F401  once, for the commands that are forked

    threading.Thread(target=count, daemon=True).start()
    before = set(inside_of(plan["clean"]))
    start = time.monotonic()
    for number, words in enumerate(plan["commands"]):
        left = start + plan["seconds"] - time.monotonic()
        status = command(words, plan["log"], max(left, 20.0))
        result["commands"].append([*words, status])
        if number == plan["graded"]:
            result["seconds"] = time.monotonic() - start
            result["processes"] = survivors()
    result["left"] = left_behind(plan["watched"], plan["mark"], plan["clone"])
    # Whoever made it, and whatever is in it.
    result["left"] += sorted(set(inside_of(plan["clean"])) - before)
    result["texts"] = [text for folder in plan["shared"] for text in texts(Path(folder))][:200]
    finish()


def command(words, log, seconds):
    """Run a command of nbgrader's or ours; returns its exit status, or "timeout"."""
    child = os.fork()
    if not child:
        try:
            run(words, log)
        finally:
            os._exit(70)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


def run(words, log):
    os.setsid()
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in enumerate((nothing, file, file)):
        os.dup2(source, target)
    status = 0
    try:
        if words[0] == "grade":
            from autograder.cli import main as ours

            status = ours(words)
        else:
            sys.argv = ["nbgrader", *words]
            from nbgrader.apps.nbgraderapp import main

            main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
        status = 1
    # Threads and exit handlers take part in how long a command takes.
    import atexit

    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def survivors(patience=4.0):
    """The command lines of the processes that are still there, which are then killed."""
    end = time.monotonic() + patience
    while True:
        others = [process for process in psutil.process_iter() if process.pid != os.getpid()]
        # Takes leave of those that have ended, as the first process of its namespace has to.
        psutil.wait_procs(others, timeout=0.1)
        alive = {process: told for process in others if (told := said(process))}
        if not alive or time.monotonic() > end:
            break
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()
    return sorted(alive.values())


def said(process):
    """A process's command line; empty for one that is gone or only waits to be reaped."""
    try:
        return " ".join(process.cmdline())[:160].strip() or "?"
    except psutil.Error:
        return ""


def left_behind(folders, mark, clone):
    """The files under these folders that an attack wrote: by their names, or what is in them.

    clone: folders that may lie under them, cannot be written to, and hold the attacks themselves.
    """
    word, found = mark.encode(), []
    for folder in folders:
        for path in below(Path(folder)):
            if str(path).startswith(tuple(f"{place}/" for place in clone)):
                continue
            # The records of a class run say of each student what was told of the work.
            own = "mallory-" in str(path.parent) or path.match("verdicts/*/mallory-*.json")
            if path.name in NO_TRACE or own:
                continue
            try:
                if (
                    ("mallory" in path.name and "mallory-" not in path.name)
                    or mark in path.name
                    or (path.is_file() and word in head(path))
                ):
                    found.append(str(path))
            except OSError:
                continue
    return found


def inside_of(folders):
    """The paths of what lies in these folders."""
    for folder in folders:
        with contextlib.suppress(OSError):
            yield from (os.path.join(folder, name) for name in os.listdir(folder))


def below(folder):
    """All that lies in a folder. pathlib's own way would not bear folders of any depth."""
    waiting = [folder]
    while waiting:
        with contextlib.suppress(OSError):
            for path in waiting.pop().iterdir():
                if path.is_dir() and not path.is_symlink():  # or its path is too long
                    waiting.append(path)
                yield path


def texts(folder):
    """What lies in a folder that all may read."""
    for path in sorted(below(folder)):
        try:
            if path.is_file() and path.stat().st_size:
                yield head(path).decode("latin-1")
        except OSError:
            continue


def head(path):
    with path.open("rb") as file:
        return file.read(200_000)


if __name__ == "__main__":
    main(*sys.argv[1:])
