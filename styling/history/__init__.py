"""What was worn and planned, day by day."""
