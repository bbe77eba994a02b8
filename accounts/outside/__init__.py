"""Addresses that people type: where they may lead, and asking what is there."""
