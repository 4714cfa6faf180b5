"""English: its words, its forms, and what people say around todos."""
