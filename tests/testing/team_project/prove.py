"""The same without pytest."""

import sys

import gcbridge.testing


def main():
    """Prove one arrival and say how long it took."""
    with gcbridge.testing.open_bridge("loop") as bridge:
        arrived = bridge.cause("presence").arrives(at="crm", within=30)
        print(f"{arrived.rule} -> {arrived.target}: {arrived.event['detail-type']}")


if __name__ == "__main__":
    sys.exit(main())
