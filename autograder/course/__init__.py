"""Where things lie in a course, how files are written whole, and what stands in a cell."""
