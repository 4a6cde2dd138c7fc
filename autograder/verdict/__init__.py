"""The verdict on one notebook: its cells executed, its tests asked, its points."""
