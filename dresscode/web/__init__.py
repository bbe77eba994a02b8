"""The web process at its edge: how it is started, and what it takes off the network before Django sees it."""
