"""The list of calls: what its address asks for, and its pages."""
