"""What people ask beside what the golden examples ask: where the gate hardly looks."""
