"""All faults at once, in random mixtures on a fast clock: ``python -m benchmarks.chaos``.

A storm is some seconds in which hours pass, readers do what they like, and everything fails that can. After
it comes calm: all faults end, what was promised is let happen, and then everything is held against the model.

    crowd      who reads, what they do, and how all must stand because of it
    weather    what goes wrong between the bot and Telegram
    mishaps    what goes wrong with the process, the file, the clock and the sources
    checks     what must hold when it is calm
    storms     one storm after the other
"""
