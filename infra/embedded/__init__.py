"""The four services the platform needs, as child processes on one machine.

For the demo and the tests; production uses managed services. See ``services.Services``.
"""

from infra.embedded.service import ServiceError
from infra.embedded.services import Services

__all__ = ["ServiceError", "Services"]
