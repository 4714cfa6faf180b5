"""How Jotline writes: dates, todos, lists, every phrase, and what a text costs in segments."""
