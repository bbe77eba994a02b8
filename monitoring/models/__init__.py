from monitoring.models.rollups import Rollup, RollupProgress

__all__ = ["Rollup", "RollupProgress"]
