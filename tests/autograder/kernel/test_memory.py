"""What counts as memory that a process holds, by what /proc says."""

import pytest

from autograder.kernel.sandbox.memory import own

STATUS = "Name:\tpython\nVmRSS:\t    999 kB\n"
KINDS = ("RssAnon", "RssFile", "VmSwap", "VmPTE")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_memory_of_its_own_counts(tmp_path, kind):
    for sizes in ({}, dict.fromkeys(KINDS, 5)):
        sizes = {**sizes, kind: 8}
        lines = [f"{name}:\t    {size} kB\n" for name, size in sizes.items()]
        (tmp_path / "status").write_text(STATUS + "".join(lines))
        assert own(tmp_path) == sum(sizes.values()) * 1024
