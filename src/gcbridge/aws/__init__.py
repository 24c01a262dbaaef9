"""The AWS room: the only importer of boto3. Observes the receiving side, and owns the probe that sees events arrive."""
