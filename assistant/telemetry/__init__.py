"""Telemetry: metrics, health checks, logs and turn traces, and the HTTP server that shows them."""
