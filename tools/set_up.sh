#!/bin/sh
# Makes the virtual environment VENV, or brings it up to date: see set_up.py, which is run by the
# first Python that can.
#
#     sh tools/set_up.sh VENV [PYTHON]
#
# Where a PYTHON is named, only that one is tried. Prints in one line what stands in the way, or
# nothing. A VENV that is good is left alone, which takes a tenth of a second.

set -eu
unset PYTHONHOME PYTHONPATH
venv=$1
wanted=${2:-}

# Asked of each candidate, which may be as old as Python 2.
start='
import sys
if sys.version_info < (3, 11):
    print("is Python %d.%d" % sys.version_info[:2])
    sys.exit(3)
import runpy
runpy.run_path("tools/set_up.py", run_name="__main__")
'

refused=
if [ -n "$wanted" ]; then
    set -- "$wanted"
else
    set -- "$venv/bin/python" python3 python3.13 python3.12 python3.11 python
fi
for candidate; do
    command -v "$candidate" >/dev/null || continue
    status=0
    # What a broken one has to say is of no use. set_up.py speaks by 3.
    answer=$("$candidate" -ESs -c "$start" "$venv" "$wanted" 3>&2 2>/dev/null) || status=$?
    case $status in
        0) echo "$answer"; exit ;;
        3) ;;
        *) answer="does not run" ;;
    esac
    [ "$candidate" = "$venv/bin/python" ] || refused="$refused${refused:+; }$candidate $answer"
done
echo "No usable Python (${refused:-${wanted:-python3} is not there}): install Python 3.11 or newer" \
    "with venv (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python;" \
    "Windows: see README.md), or name one by PYTHON=, then run make again"
