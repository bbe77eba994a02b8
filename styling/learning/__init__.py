"""Personal learning: a wearer's own signals become weights of features, each with its sentence. No database."""
