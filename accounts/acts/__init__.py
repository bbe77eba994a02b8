"""What a wearer did: told with its undo, or asked about before it is done where there is none."""
