"""Who carries our texts: one contract, and Twilio."""
