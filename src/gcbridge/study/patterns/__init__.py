"""What a bridge's event patterns ask for: faults that EventBridge refuses, and rules that would silently match nothing."""
