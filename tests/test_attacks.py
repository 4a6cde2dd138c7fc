"""Attacks on our grader, each one a student of a class that is graded in one run.

`make attack` runs each in a course of its own, against stock nbgrader too, and those that take
minutes; see tests/attacks/README.md.
"""

import pytest

from tests.attacks import arena, honest, work
from tests.attacks.judge import Baseline, judge
from tests.attacks.work import attacks

pytestmark = pytest.mark.slow
# What hangs may do so for less time than in a course.
SETTINGS = "c.CourseExecute.call_timeout = 2\nc.CourseExecute.timeout = 10"
# Some for each wall; `make attack`, and so CI, runs all.
QUICK = (
    # for points
    "answer_table", "ast_transformer", "broadcast", "displayhook", "do_execute", "edited_tests",
    "file_for_the_restart", "forged_replies", "frame_wanted", "frozen_generator", "good_once",
    "gradebook_points", "input_transformer", "late_change", "lent_as_answer", "lying_array",
    "lying_minimum", "lying_object", "mutated_arguments", "oracle_by_later_notebook",
    "own_graded_cells", "patched_compare", "prefilled_outputs", "previous_of_itself",
    "renamed_tests", "replaced_agent", "shipped_numpy", "shown_in_check", "sigmoid_by_oracle",
    "skip_tags", "sniffed_callback", "stashed_helpers", "stop_iteration", "unlocked_tests",
    # to read
    "environment", "frames_of_tests", "gradebook", "left_for_next_run", "link_to_gradebook",
    "neighbour", "own_notebook", "parent_memory", "previous_source", "proc_root",
    "solutions_folder",
    # to keep others from being graded
    "os_exit", "segfault", "kills_parent", "fork_bomb", "deep_list", "list_of_itself",
    "infinite_iterator", "ten_gigabyte_result", "odd_dtypes", "evil_finalizer", "forged_types",
    "sends_huge_header", "endless_loop", "exits_at_import", "duplicate_cells", "flipped_flags",
    "schema_99", "odd_metadata", "not_json", "binary_notebook", "deep_notebook", "other_format",
    "poisoned_generator", "nested_callbacks", "fills_cwd", "memory_at_once", "daemon_child",
)  # fmt: skip
CHOSEN = [a for a in attacks() if a.group == "deface" or a.name in QUICK]
HONEST = honest.submissions()
MOST = "02_cost"  # where nearly all attacks are


@pytest.fixture(scope="module", autouse=True)
def machine():
    trouble = arena.missing()
    if trouble:
        pytest.skip(f"the attacks need bubblewrap to hold them: {trouble}")


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return arena.Template(tmp_path_factory.mktemp("attacked"))


class Grading:
    """Runs of our grader: for each assignment honest submissions alone, and then attacks among
    them, in one run those that want points or secrets, in another those that want to spoil.
    """

    def __init__(self, template, folder):
        self.template, self.folder, self.done = template, folder, {}

    def run(self, assignment, name, chosen=(), others=()):
        folder = self.folder / f"{assignment}-{name}"
        return arena.Run(
            self.template, folder, True, assignment, chosen, others, 900, SETTINGS
        ).start()

    def honest(self, assignment):
        """Every way of being right, graded where nobody attacks: the run, and what it tells."""
        if assignment not in self.done:
            run = self.run(assignment, "honest", others=HONEST[assignment].items())
            self.done[assignment] = run, Baseline(run)
        return self.done[assignment]

    def verdict(self, attack):
        key = attack.assignment, attack.group in ("gain", "read")
        if key not in self.done:
            mine = [a for a in CHOSEN if (a.assignment, a.group in ("gain", "read")) == key]
            name = "stealing" if key[1] else "spoiling"
            self.done[key] = self.run(attack.assignment, name, mine)
        return judge(attack, self.done[key], self.honest(attack.assignment)[1])


@pytest.fixture(scope="module")
def grading(template, tmp_path_factory):
    return Grading(template, tmp_path_factory.mktemp("graded"))


def test_the_chosen_attacks_are_there():
    assert set(QUICK) <= {a.name for a in attacks()}


def test_the_document_tells_of_every_attack():
    table = (work.ROOT / "docs" / "attacks.md").read_text(encoding="utf-8")
    assert [a.name for a in attacks() if f"\n| {a.name} |" not in table] == []


def attacking(chosen):
    return pytest.mark.parametrize("attack", chosen, ids=[a.name for a in chosen])


def nothing_is_won(grading, attack):
    """Fails with what the attack has won, if anything."""
    verdict = grading.verdict(attack)
    assert not verdict.won(), f"{attack.says}\n{verdict.says()}\n{verdict}"


def all_points(grading, assignment):
    """Fails where an honest submission lacks points."""
    grades = grading.honest(assignment)[0].grades()
    for student in HONEST[assignment]:
        rows = grades[student].values()
        assert [row[0] for row in rows] == [row[-1] for row in rows], student


# Two classes, so that two processes share the work: see pytest_xdist_make_scheduler.
class TestWhereMostAre:
    @attacking([a for a in CHOSEN if a.assignment == MOST])
    def test_nothing_is_won(self, grading, attack):
        nothing_is_won(grading, attack)

    def test_honest_submissions_get_all_points(self, grading):
        all_points(grading, MOST)


class TestElsewhere:
    @attacking([a for a in CHOSEN if a.assignment != MOST])
    def test_nothing_is_won(self, grading, attack):
        nothing_is_won(grading, attack)

    @pytest.mark.parametrize("name", sorted(set(HONEST) - {MOST}))
    def test_honest_submissions_get_all_points(self, grading, name):
        all_points(grading, name)
