"""Days of wearers in minutes, to see what monitoring makes of them: a site that is drawn, and faults to switch on."""
