"""The review queue: what is asked, of whom, and how far reviewers agree."""
