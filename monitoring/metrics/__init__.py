"""What Prometheus reads: `/metrics`, rendered from rollups and Redis at each scrape, whichever process answers."""
