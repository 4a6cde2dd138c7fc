"""The verdict on one notebook: its cells are executed, its tests run, its points counted."""
