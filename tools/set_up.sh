#!/bin/sh
# sh tools/set_up.sh VENV [PYTHON]: makes the virtual environment VENV from requirements.lock, or
# brings it up to date. Where a PYTHON is named, only that one is tried.

set -eu
unset PYTHONHOME PYTHONPATH
venv=$1 wanted=${2:-}
fail() { echo "$*" >&2; exit 1; }
# The folder of the clone and the installation of Python: an environment outlives neither a move of
# the one nor a change of the other.
place() {
    pwd -P
    "$1" -ESs -c 'import sys; print(sys.base_prefix, "%d.%d" % sys.version_info[:2])' 2>/dev/null
}
# Ends here where VENV is good, which takes a tenth of a second.
look() {
    lists=$(cat requirements.lock pyproject.toml)
    here=$(place "$venv/bin/python") || here=nowhere
    [ -z "$wanted" ] || [ "$(place "$wanted")" = "$here" ] || here=nowhere
    # What VENV was made from. It is empty in one that is half made.
    stamp=$(cat "$venv/made-from" 2>/dev/null) || stamp=none
    case $stamp in "$here
$lists") starts; exit ;; "$here"*) ;; *) here=nowhere ;; esac
}
# Python reads where the clone lies in the encoding of the locale, before all else.
starts() {
    "$venv/bin/python" -c "" || fail "$venv cannot start: the lines above say why. Where it is a" \
        "codec, the locale cannot spell this folder: export LC_ALL=C.UTF-8, then run make again"
}

look
# A folder of another name that something else filled is not ours to replace.
[ "$venv" = .venv ] || [ "$stamp" != none ] || [ -z "$(ls -A "$venv" 2>/dev/null)" ] ||
    fail "$venv was made by something else: remove it, or name another folder by VENV=, then run" \
        "make again"

[ -n "$wanted" ] && set -- "$wanted" || set -- python3 python3.13 python3.12 python3.11 python
base= refused=
for candidate; do
    command -v "$candidate" >/dev/null || continue
    # It may be as old as Python 2. A path is a yes: not sys.executable, which may lie in the very
    # environment to be replaced.
    base=$("$candidate" -c 'if True:
        import sys
        answer = "is Python %d.%d" % sys.version_info[:2]
        if sys.version_info >= (3, 11):
            try:
                import ensurepip, sqlite3, ssl, venv
                answer = sys._base_executable
            except ImportError as error:
                answer = "has no " + error.name
        print(answer)' 2>/dev/null) || base="does not run"
    case $base in /*) break ;; esac
    refused="$refused${refused:+; }$candidate $base" base=
done
[ -n "$base" ] || fail "No usable Python (${refused:-${wanted:-python3} is not there}): install" \
    "Python 3.11 or newer with venv (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew" \
    "install python; Windows: see README.md), or name one by PYTHON=, then run make again"

# Two set-ups at once would spoil each other. The lock is the open file's: it outlasts this Python.
mkdir -p "$(dirname "$venv")"
exec 9>"$venv.lock"
"$base" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)' 2>/dev/null || {
    echo "Another make is setting up $venv: waiting for it ..." >&2
    "$base" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
}
look

# The lock file is complete: with --no-deps nothing can slip in beside it. Settings for a user's own
# installs have no place in an environment.
export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1
pip_install() { "$venv/bin/python" -m pip install "$@" --no-deps; }
# Reads what pip says, and shows on a terminal how far it is. Fails where pip has not finished.
count() {
    all=$(grep -c "^[A-Za-z]" requirements.lock) number=0 finished=1
    while read -r word _; do
        case $word in
            Collecting | Processing | Ignoring | Requirement)
                number=$((number + 1))
                printf '\r     package %d of %d ' "$number" "$all" >&2 ;;
            Installing) printf '\r     unpacking, some half a minute ' >&2 ;;
            finished) finished=0 ;;
        esac
    done
    printf '\r%40s\r' "" >&2
    return $finished
}
packages() {
    if [ -t 2 ]; then
        { pip_install -r requirements.lock && echo finished; } | count
    else
        pip_install -qq -r requirements.lock
    fi
}
step() { echo "  $1 of 3: $2" >&2; }
# Whoever is stopped in the middle of removing or filling it must not find it good.
[ ! -d "$venv" ] || : >"$venv/made-from"
if [ "$here" = nowhere ]; then
    echo "Setting up $venv (once, about a minute) ..." >&2
    step 1 "an empty environment"
    rm -rf "$venv" && mkdir "$venv" && : >"$venv/made-from" && "$base" -m venv "$venv"
else
    echo "Bringing $venv up to date ..." >&2
fi && step 2 "the packages, which are downloaded" && packages &&
    step 3 "the course itself" && pip_install -qq --no-build-isolation -e . ||
    fail "Could not set up $venv: the lines above say why. The next make tries anew"
here=$(place "$venv/bin/python")
printf '%s\n' "$here" "$lists" >"$venv/made-from"
starts
