"""Dialogs: a question, a list to pick from, a form, the help, the commands. Each has keys of its own."""
