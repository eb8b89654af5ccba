"""Pictures: drawn from plain numbers, in a process of their own, for drawing takes much memory."""
