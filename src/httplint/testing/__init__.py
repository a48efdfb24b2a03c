"""What the pytest plugin does when it is asked to: watch the traffic of a test run, judge it, tell about it."""
