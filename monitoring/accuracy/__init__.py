"""What was wrong with answers, who saw it, and whether a version is worse than the one before."""
