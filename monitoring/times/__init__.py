"""Parts of the page on latency: the period, steps, two versions side by side, the slowest calls."""
