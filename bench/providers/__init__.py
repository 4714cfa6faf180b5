"""What sending a message costs."""
