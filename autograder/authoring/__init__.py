"""Before the class: notebooks built from their sources, a course examined, the kit for students."""
