"""A student's code from afar: a kernel in a sandbox, of which only values come back."""
