"""What runs on one machine: the launcher, its children, the embedded stores and the demo."""
