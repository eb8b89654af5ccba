"""What is told to whoever watches over a process: Prometheus, a balancer, an engine for containers."""
