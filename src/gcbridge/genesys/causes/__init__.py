"""Harmless changes that Genesys Cloud turns into events; each is put back, also after a crash.

A customer cannot put events on a partner event bus, so the only proof that events arrive is a real one.
"""
