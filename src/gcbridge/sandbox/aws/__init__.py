"""Emulated AWS: ministack plus what it lacks for partner event buses.

Importing this package changes nothing. ``python -m gcbridge.sandbox.aws`` serves the emulator;
``gcbridge.sandbox.aws.layer.install`` is the one place where functions of ministack are replaced.
"""
