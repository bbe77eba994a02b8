"""The worker and the scheduler of the job queues."""
