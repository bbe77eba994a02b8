"""django_rq's command, without Django's checks: they read every page, which is 33 MB and 0.7 s of each worker."""

from django_rq.management.commands.rqworker import Command as RqCommand


class Command(RqCommand):
    """What is wrong with the settings `migrate` says, which runs before any worker."""

    requires_system_checks = ()
