"""Web Push: the browsers that show notifications, and sending to them (RFC 8030, 8291, 8292)."""
