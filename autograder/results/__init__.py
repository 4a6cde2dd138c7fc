"""What is made from graded work: grades, tables, the report, feedback, and what looks odd."""
