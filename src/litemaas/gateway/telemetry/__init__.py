"""What is told of calls to Prometheus and OpenTelemetry."""
