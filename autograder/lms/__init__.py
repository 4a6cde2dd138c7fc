"""What goes to a learning platform."""
