"""What a pack's rows must obey beyond their cells, a module for each subject."""
