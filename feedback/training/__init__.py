"""Corrections become training sets, and training sets better heads of the built-in engine."""
