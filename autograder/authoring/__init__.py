"""Work before the class: build notebooks, examine a course, and make the kit for students."""
