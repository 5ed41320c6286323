"""How a person acts on a task, from whatever screen the task is on: what is asked, what is armed, what is sent."""
