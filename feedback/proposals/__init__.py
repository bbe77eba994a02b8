"""The system's own next drafts: from what wearers corrected and reviewers accepted, offline. None promotes itself."""
