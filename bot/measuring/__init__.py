"""How well it ranks, measured: replays, and in hindsight what was shown and liked."""
