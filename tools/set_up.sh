#!/bin/sh
# Makes the virtual environment that the Makefile works in, from requirements.lock.
#
#     sh tools/set_up.sh problem VENV [PYTHON]   print in one line what stands in the
#                                                way, or nothing
#     sh tools/set_up.sh make VENV [PYTHON]      make VENV, or bring it up to date
#
# Where a PYTHON is named, only that one is tried. A VENV that is good is left alone,
# which takes a tenth of a second, so that every target of the Makefile can ask.

set -eu

job=$1
venv=$2
wanted=${3:-}

python=$venv/bin/python
# Tells what VENV was made from. It gets this name last: without it, VENV is half made.
stamp=$venv/made-from
lock=$venv.lock

# Asked of each candidate, which may be as old as Python 2: a path is a yes.
question='
import sys
if sys.version_info < (3, 11):
    print("is Python %d.%d" % sys.version_info[:2])
else:
    try:
        import ensurepip, sqlite3, ssl, venv
    except ImportError as error:
        print("has no " + error.name)
    else:
        # Not sys.executable: that may lie in the very environment to be replaced.
        print(sys._base_executable)
'

# Sets `base` to a Python that can make the environment, and otherwise `refused` to what
# was wrong with those there are.
find_python() {
    base=
    refused=
    if [ -n "$wanted" ]; then
        set -- "$wanted"
    else
        set -- python3 python3.13 python3.12 python3.11 python
    fi
    for candidate; do
        command -v "$candidate" >/dev/null || continue
        answer=$("$candidate" -c "$question" 2>/dev/null) || answer="does not run"
        case $answer in
            /*) base=$answer; return ;;
            *) refused="$refused${refused:+; }$candidate $answer" ;;
        esac
    done
    refused=${refused:-${wanted:-python3} is not there}
}

# The folder of the clone and the installation of Python: an environment outlives
# neither a move of the one nor a change of the other.
place() {
    pwd -P
    "$1" -c 'import sys; print(sys.base_prefix, "%d.%d" % sys.version_info[:2])' \
        2>/dev/null || true
}

state() {
    place "$1"
    cat requirements.lock pyproject.toml
}

# Whether VENV was finished, here, with the Python that runs in it now (and that is wanted).
is_whole() {
    [ -f "$stamp" ] && [ "$(place "$python")" = "$(head -n 2 "$stamp")" ] || return 1
    if [ -n "$wanted" ]; then
        find_python
        [ -n "$base" ] && [ "$(place "$base")" = "$(place "$python")" ]
    fi
}

is_current() {
    is_whole && state "$python" | cmp -s - "$stamp"
}

# A folder of another name that something else filled is not ours to replace.
is_foreign() {
    [ "$venv" != .venv ] && [ -e "$venv" ] && [ -n "$(ls -A "$venv")" ] &&
        [ ! -f "$stamp" ] && [ ! -f "$stamp.new" ]
}

print_problem() {
    if is_whole; then
        return
    fi
    if is_foreign; then
        echo "$venv was made by something else: remove it, or name another folder by" \
            "VENV=, then run make again"
        return
    fi
    find_python
    if [ -z "$base" ]; then
        echo "No usable Python ($refused): install Python 3.11 or newer with venv" \
            "(Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install" \
            "python; Windows: see README.md), or name one by PYTHON=, then run make again"
    fi
}

# Two set-ups at once would spoil each other.
take_lock() {
    mkdir -p "$(dirname "$venv")"
    if ! (set -C; echo $$ >"$lock") 2>/dev/null; then
        other=$(cat "$lock")
        if kill -0 "$other" 2>/dev/null; then
            echo "Process $other is setting up $venv: run make again when it is done" \
                "(or, if it is something else, after removing $lock)." >&2
            exit 1
        fi
        echo $$ >"$lock"
    fi
    trap 'rm -f "$lock"' EXIT
    trap 'exit 130' HUP INT TERM
}

# Twice quiet: errors alone.
pip_install() {
    "$python" -m pip install --quiet --quiet --no-deps "$@"
}

install() {
    # Settings for a user's own installs have no place in an environment.
    export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1
    unset PYTHONHOME PYTHONPATH
    if ! is_whole; then
        rm -rf "$venv"
        mkdir -p "$venv"
        : >"$stamp.new"
        "$base" -m venv "$venv" || return 1
    fi
    # What is installed is what these files say now, not when the install has ended.
    state "$python" >"$stamp.new"
    rm -f "$stamp"
    # The lock file is complete: with --no-deps nothing can slip in beside it.
    pip_install -r requirements.lock || return 1
    pip_install --no-build-isolation -e . || return 1
    mv "$stamp.new" "$stamp"
}

make_venv() {
    if is_current; then
        return
    fi
    problem=$(print_problem)
    if [ -n "$problem" ]; then
        echo "$problem" >&2
        exit 1
    fi
    take_lock
    if is_whole; then
        echo "Bringing $venv up to date ..."
    else
        find_python
        echo "Setting up $venv (once, about a minute) ..."
    fi
    if ! install; then
        echo "Could not set up $venv: the lines above say why. The next make tries anew." >&2
        exit 1
    fi
}

case $job in
    problem) print_problem ;;
    make) make_venv ;;
esac
