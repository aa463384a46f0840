"""The four services the platform needs, as child processes on one machine.

For the demo and the tests; production uses managed services. Start at ``services.Services``.
"""
