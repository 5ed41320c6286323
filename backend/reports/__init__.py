"""What is told to others: the situation brief, the shift log, the daily report, the task sheet."""
