"""Work on signing in beside requests."""

from accounts.signin import confirming


def delete_unconfirmed_job() -> int:
    return confirming.delete_unconfirmed()
