# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""What can go wrong between us and a cluster.

ClusterError            a sentence for the person who runs the play; every module turns it into its failure
└── ApiError            the API server refused a request: status, reason and its own message
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
