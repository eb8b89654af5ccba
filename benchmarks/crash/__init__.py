"""Kills the bot again and again, and counts what it cost: digests that never came or came twice, lost votes.

The real bot runs in a process of its own on a real SQLite file, the post office in this one, both under one
clock that is moved on from day to day. At random moments of its planning, sending, answering and starting the
bot is killed, and started again at once; people press buttons all the while. What it promises is then held
against what its ledger says and what the post office saw.

    python -m benchmarks.crash [--kills 200] [--readers 2000] [--seed 1] [--json]
"""
