"""A million readers on one PostgreSQL: from due to planned, and from planned to sent.

    python -m benchmarks.million [--readers N ...] [--keep FOLDER] [--json]

Papers, readers and their votes are invented (`town`), all readers fall due in the same minute, and the bot's
own processes do the rest: one that ticks, two that plan, then four that deliver, of which one is killed.
"""
