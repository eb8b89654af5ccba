"""Telegram and the clock: commands, messages, digests, delivery, settings, command line, composition root."""
