"""How things are, in one sentence: the worst of all inputs."""
