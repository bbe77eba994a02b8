"""Personal learning of stored signals: recording them, reading them, and what wearers decide about them."""
