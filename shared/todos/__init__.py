"""The rules of the todo list and of the conversation."""
