"""What `paperboy` does besides running: each command prints, or moves files, and ends."""
