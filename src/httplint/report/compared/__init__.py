"""Several results beside one another: what changed from one to the next, and how the numbers went."""
