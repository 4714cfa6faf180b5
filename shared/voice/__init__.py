"""Speech to words: Whisper, on this machine's processor, and what is made of its answer."""
