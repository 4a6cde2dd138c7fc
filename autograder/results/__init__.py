"""What comes of graded work: grades, tables, the report, feedback, and what looks odd."""
