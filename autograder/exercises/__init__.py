"""This course alone: its reference functions, hidden problems, points and known mistakes."""
