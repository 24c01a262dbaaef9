"""An emulated Genesys Cloud that answers HTTP on loopback and plays Amazon's event partner.

Run it with ``python -m gcbridge.sandbox.genesys``; `../COVERAGE.md` says what it does not do.
"""
