"""The foundation: frozen types and naming rules. No IO, no clock, no third-party client."""
