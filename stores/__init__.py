"""Where the stores are, as addresses say it; knows no app."""
