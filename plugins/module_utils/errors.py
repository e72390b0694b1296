# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""What can go wrong between us and a cluster, or a gateway.

ClusterError            a sentence for the person who runs the play; every module turns it into its failure
└── ApiError            the API server refused a request: status, reason and its own message
GatewayError            the same of a gateway's management API: it refused, or does not answer
"""

from __future__ import annotations


class ClusterError(Exception):
    """Something the operator must know; the message is a sentence that says what to do."""


class ApiError(ClusterError):
    """The API server's refusal of one request.

    Attributes:
        status: HTTP status.
        reason: The machine-readable reason of the Status object, such as C(Forbidden).
        details: The C(details) of the Status object.
    """

    def __init__(self, status, reason, message, details=None):
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.details = details or {}


class GatewayError(Exception):
    """A gateway refused a request or did not answer; the message is a sentence without any secret.

    Attributes:
        status: HTTP status; 0 where there was no answer.
    """

    def __init__(self, message, status=0):
        super().__init__(message)
        self.status = status
