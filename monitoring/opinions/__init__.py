"""What people made of answers, counted into rollups that outlive the rows: garments, corrections, ratings, decisions."""
