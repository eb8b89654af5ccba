"""What a process tells of itself: its log, without secrets, and what is counted and timed."""
