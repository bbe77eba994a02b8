"""Housekeeping that the scheduler enqueues on the `maintenance` queue."""

from registry import services


def close_lost_calls_job() -> int:
    return services.close_lost_calls()
