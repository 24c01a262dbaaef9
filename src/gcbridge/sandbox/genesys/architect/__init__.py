"""Architect: flows, the jobs that deploy them from files, and their executions."""
