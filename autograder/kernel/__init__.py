"""A student's code at a distance: it runs in a sandboxed kernel, and only values come back."""
