"""What the images cost: how large they are, and how long they take to start."""
