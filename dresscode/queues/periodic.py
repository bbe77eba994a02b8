"""Which jobs run by themselves, and how often."""

SCHEDULED_JOBS: dict[str, int] = {
    "accounts.signin.jobs.delete_unconfirmed_job": 86400,
    "registry.jobs.close_lost_calls_job": 10,
    "registry.jobs.check_canaries_job": 10,
    "registry.jobs.end_lost_evaluations_job": 10,
    "registry.jobs.delete_old_requests_job": 3600,
    "registry.jobs.delete_old_probes_job": 3600,
    "registry.jobs.import_golden_job": 3600,
    "registry.jobs.forget_withdrawn_job": 3600,
    "registry.jobs.evaluate_live_job": 30,
    "wardrobe.jobs.sweep_photos_job": 10,
    "wardrobe.jobs.sweep_orphans_job": 3600,
    "wardrobe.jobs.embed_photos_job": 600,
    "wardrobe.jobs.cut_garments_job": 600,
    "wardrobe.jobs.count_plans_job": 300,
    "styling.jobs.sweep_suggestions_job": 10,
    "styling.jobs.delete_expired_features_job": 3600,
    "styling.jobs.check_plans_job": 1800,
    "styling.jobs.look_at_calendars_job": 600,
    "styling.jobs.tell_wearers_job": 300,
    "styling.jobs.picture_outfits_job": 300,
    "styling.jobs.delete_orphan_pictures_job": 3600,
    "styling.trips.jobs.sweep_trips_job": 30,
    "styling.trips.jobs.look_again_job": 3600,
    "styling.jobs.sweep_shared_job": 3600,
    "feedback.jobs.fill_review_queue_job": 600,
    "feedback.jobs.end_lost_training_job": 60,
    "feedback.jobs.propose_versions_job": 604800,
    "dresscode.own_data.jobs.sweep_transfers_job": 60,
    "dresscode.own_data.jobs.carry_out_deletions_job": 60,
    "dresscode.own_data.jobs.forget_words_job": 3600,
    "dresscode.own_data.jobs.delete_expired_job": 3600,
    "monitoring.jobs.build_rollups_job": 60,
    "monitoring.jobs.count_late_calls_job": 3600,
    "monitoring.jobs.delete_old_calls_job": 86400,
    "monitoring.jobs.evaluate_alerts_job": 60,
    "monitoring.jobs.carry_out_actions_job": 10,
    "monitoring.jobs.deliver_notifications_job": 10,
    "monitoring.jobs.report_drift_job": 3600,
}
"""The dotted path of each job: seconds between two runs."""


def list_jobs(*, probe_s: int) -> dict[str, int]:
    """All of them, with the probe of the engines every so many seconds; 0 for never."""
    return SCHEDULED_JOBS | ({"monitoring.jobs.probe_engines_job": probe_s} if probe_s else {})
