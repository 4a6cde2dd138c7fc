"""Attacks on our grader, each one a student of a class that is graded in one run.

`make attack` runs each in a course of its own, against stock nbgrader too, and those that take
minutes; see tests/attacks/README.md.
"""

import pytest

from tests.attacks import arena, honest, work
from tests.attacks.judge import Baseline, judge, plain
from tests.attacks.work import attacks

# What hangs may do so for less time than in a course.
SETTINGS = "c.TrustedExecute.call_timeout = 2\nc.TrustedExecute.timeout = 10"
# Some for each wall; `make attack`, and so CI, runs all.
QUICK = (
    # for points
    "answer_table", "ast_transformer", "broadcast", "displayhook", "do_execute",
    "file_for_the_restart", "forged_replies", "frame_wanted", "frozen_generator", "good_once",
    "gradebook_points", "late_change", "lent_as_answer", "lying_array", "lying_minimum",
    "lying_object", "mutated_arguments", "oracle_by_later_notebook", "patched_compare",
    "prefilled_outputs", "previous_of_itself", "renamed_tests", "replaced_agent",
    "shown_in_check", "sigmoid_by_oracle", "sniffed_callback", "stashed_helpers",
    # to read
    "environment", "frames_of_tests", "gradebook", "left_for_next_run", "link_to_gradebook",
    "neighbour", "own_notebook", "parent_memory", "proc_root", "solutions_folder",
    # to keep others from being graded
    "os_exit", "segfault", "kills_parent", "fork_bomb", "deep_list", "infinite_iterator",
    "ten_gigabyte_result", "evil_finalizer", "forged_types", "sends_minus_one", "endless_loop",
    "duplicate_cells", "odd_metadata", "binary_notebook", "nested_callbacks", "memory_at_once",
    "daemon_child", "forks_that_answer", "forks_that_listen",
    # to put something into what others read
    "clobbered_page", "forged_score", "rewritten_gradebook", "rewritten_neighbour",
    "script_in_attachments", "script_in_html", "script_in_markdown", "script_in_metadata",
    "script_in_types", "shared_modules", "site_packages", "sticky_grader",
)  # fmt: skip
CHOSEN = [a for a in attacks() if a.name in QUICK]
MOST = "02_cost"  # where nearly all attacks are
# Every way of being right, where somebody attacks.
HONEST = {
    name: notebooks
    for name, notebooks in honest.submissions().items()
    if name in {a.assignment for a in CHOSEN}
}


@pytest.fixture(scope="module")
def machine():
    trouble = arena.missing()
    if trouble:
        pytest.skip(f"the attacks need bubblewrap to hold them: {trouble}")


@pytest.fixture(scope="module")
def template(machine, tmp_path_factory):
    return arena.Template(tmp_path_factory.mktemp("attacked"))


class Grading:
    """Runs of our grader: for each assignment honest submissions alone, and then attacks; where
    most are, those that want points or secrets in one run, those that want to spoil in another.
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
        key = together(attack)
        if key not in self.done:
            chosen = [other for other in CHOSEN if together(other) == key]
            assignment, name = key
            self.done[key] = self.run(assignment, name, chosen)
        return judge(attack, self.done[key], self.honest(attack.assignment)[1])


def together(attack):
    """What the attacks that are graded in the same run have in common."""
    if attack.assignment != MOST:
        return attack.assignment, "attacked"
    return MOST, "stealing" if attack.group in ("gain", "read") else "spoiling"


@pytest.fixture(scope="module")
def grading(template, tmp_path_factory):
    return Grading(template, tmp_path_factory.mktemp("graded"))


def test_the_chosen_attacks_are_there():
    assert set(QUICK) <= {a.name for a in attacks()}


def test_the_document_tells_of_every_attack():
    table = (work.CLONE / "docs" / "attacks.md").read_text(encoding="utf-8")
    assert [a.name for a in attacks() if f"\n| {a.name} |" not in table] == []


def test_names_made_afresh_in_every_run_are_no_difference():
    pages = (
        f'<p id="{long}">loss</p><script>{{"model_id": "{short}"}} $("#{long}")</script> 0.5'
        for short, long in (
            ("add26abfcba3464fafcdf2acd2597b6c", "28b1117b-9222-4e35-95f5-7fc774e0f791"),
            ("ad3ee315eaf44476afd57bae16f8cd60", "b4f4150d-0c75-479d-955d-9daf69b96fcb"),
        )
    )
    assert len({plain(page) for page in pages}) == 1
    assert plain("<p>0.5</p>") != plain("<p>0.25</p>")


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
@pytest.mark.long
class TestWhereMostAre:
    @attacking([a for a in CHOSEN if a.assignment == MOST])
    def test_nothing_is_won(self, grading, attack):
        nothing_is_won(grading, attack)

    def test_honest_submissions_get_all_points(self, grading):
        all_points(grading, MOST)


@pytest.mark.long
class TestElsewhere:
    @attacking([a for a in CHOSEN if a.assignment != MOST])
    def test_nothing_is_won(self, grading, attack):
        nothing_is_won(grading, attack)

    @pytest.mark.parametrize("name", sorted(set(HONEST) - {MOST}))
    def test_honest_submissions_get_all_points(self, grading, name):
        all_points(grading, name)
