"""How a process comes up, lives and ends: its parts, its loops and timers, who of many leads."""
