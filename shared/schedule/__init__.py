"""When things are: time zones and places, repeats, reminders."""
