"""What a voice note costs: the whole path beside bare faster-whisper on the same files. See bench/README.md."""
