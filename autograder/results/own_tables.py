"""Two tables of ours beside nbgrader's in the gradebook, which both of its databases can have.

    autograder_history   a line for each change of a score, whoever made it
    autograder_answers   which answer a cell had when it was graded last, and when a person had
                         finished with it

The database itself writes the history, by triggers, in the transaction that changes the score. So
what formgrader or nbgrader's own commands change is there too, with its time, and a line can
neither be lost nor be there for a change that was not made. Its lines stay when a student goes.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    text,
)
from sqlalchemy.schema import CreateTable

LONGEST_REASON = 300  # characters
# Who changed a score: a person, or a grading of which the history knows no more; or its entry went.
BY_HAND, GRADING, REMOVED = "by hand", "grading", "removed"

TABLES = MetaData()
HISTORY = Table(
    "autograder_history",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("time", DateTime, nullable=False),
    Column("student", String(128), nullable=False),
    Column("assignment", String(128), nullable=False),
    Column("notebook", String(128), nullable=False),
    Column("cell", String(128), nullable=False),
    Column("cause", String(32), nullable=False),
    Column("old_score", Float),
    Column("new_score", Float),
    Column("waits", Boolean, nullable=False),
    Column("reason", String(LONGEST_REASON), nullable=False),
)
ANSWERS = Table(
    "autograder_answers",
    TABLES,
    Column("grade", String(32), primary_key=True),
    Column("graded", String(64)),
    Column("finished", String(128)),
)

CHANGED, GONE = "autograder_score_changed", "autograder_score_gone"
# By the kind of database: when it is, in UTC, how to compare what may be NULL, and what is there.
NOW = {"sqlite": "CURRENT_TIMESTAMP", "postgresql": "timezone('utc', now())"}
DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}
THERE = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name IN",
    "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'grade'::regclass AND tgname IN",
}


def prepare(engine: Engine) -> None:
    """Make the tables and triggers in a gradebook where they are not there.

    Args:
        engine: the gradebook's.

    Raises:
        ValueError: if the database is of another kind than SQLite and PostgreSQL.
    """
    kind = engine.dialect.name
    if kind not in NOW:
        raise ValueError(
            f"the gradebook is in {kind!r}; a history of scores can be kept in SQLite or PostgreSQL"
        )
    there = text(f"{THERE[kind]} ('{CHANGED}', '{GONE}')")
    with engine.connect() as connection:
        if connection.scalar(there) == 2:
            return
    with engine.begin() as connection:
        if kind == "postgresql":  # nobody else does the same meanwhile
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('autograder_history'))"))
            if connection.scalar(there) == 2:
                return
        for table in TABLES.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
        differs = " OR ".join(
            f"{a} {DIFFERS[kind]} {b}"
            for a, b in (
                (_score("OLD"), _score("NEW")),
                ("OLD.needs_manual_grade", "NEW.needs_manual_grade"),
            )
        )
        by_hand = " OR ".join(
            f"OLD.{name} {DIFFERS[kind]} NEW.{name}" for name in ("manual_score", "extra_credit")
        )
        cause = f"CASE WHEN {by_hand} THEN '{BY_HAND}' ELSE '{GRADING}' END"
        changed = _line(kind, "NEW", cause, _score("NEW"), "NEW.needs_manual_grade")
        gone = _line(kind, "OLD", f"'{REMOVED}'", "CAST(NULL AS FLOAT)", "false")
        _trigger(
            connection, CHANGED, f"AFTER UPDATE ON grade FOR EACH ROW WHEN ({differs})", changed
        )
        _trigger(connection, GONE, "BEFORE DELETE ON grade FOR EACH ROW", gone)


def _trigger(connection: Connection, name: str, when: str, line: str) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"CREATE TRIGGER IF NOT EXISTS {name} {when} BEGIN {line}; END"))
        return
    # Whoever may enter scores need not be allowed to write the history.
    connection.execute(
        text(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN {line}; RETURN "
            "coalesce(NEW, OLD); END $$ LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM "
            "CURRENT"
        )
    )
    connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON grade"))
    connection.execute(text(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()"))


def _score(row: str) -> str:
    """The score of a row of the gradebook, as nbgrader counts it; NULL if there is none."""
    given = f"coalesce({row}.manual_score, {row}.auto_score)"
    return f"({given} + coalesce({row}.extra_credit, 0))"


def _line(kind: str, row: str, cause: str, score: str, waits: str) -> str:
    """The statement that adds a line to the history."""
    return (
        "INSERT INTO autograder_history (time, student, assignment, notebook, cell, cause, "
        "old_score, new_score, waits, reason) "
        f"SELECT {NOW[kind]}, s.student_id, a.name, n.name, c.name, {cause}, {_score('OLD')}, "
        f"{score}, {waits}, '' FROM submitted_notebook e "
        "JOIN submitted_assignment s ON e.assignment_id = s.id "
        "JOIN assignment a ON s.assignment_id = a.id "
        "JOIN notebook n ON e.notebook_id = n.id "
        f"JOIN base_cell c ON c.id = {row}.cell_id WHERE e.id = {row}.notebook_id"
    )
