"""What can go wrong, by the codes that the gateway uses on every wire."""

from __future__ import annotations

from typing import Any

# The same request may succeed later without any change to it.
_RETRYABLE = frozenset(
    {
        "agent_offline",
        "budget_exhausted",
        "busy",
        "connection_lost",
        "outcome_unknown",
        "quote_unavailable",
        "rate_limited",
        "registration_timeout",
        "shutting_down",
        "slow_consumer",
        "storage_unavailable",
        "timeout",
        "token_unavailable",
        "too_many_requests",
        "upstream_unavailable",
    }
)


class FairleadError(Exception):
    """An error of the gateway, of another agent, or of the connection; `code` says which, the text is for people.

    A handler that raises one has it told to who asked, as it stands.
    """

    def __init__(self, code: str, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.code = code
        self.retry_after = retry_after
        """Seconds the gateway asks to wait before the next try; 0 where it does not say."""

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed later without any change to it."""
        return self.code in _RETRYABLE

    @classmethod
    def of(cls, detail: Any) -> FairleadError:
        """What stands under `error` on the wire."""
        if not isinstance(detail, dict):
            return cls("internal", "An error without details")
        after = detail.get("retry_after_ms")
        return cls(
            str(detail.get("code", "internal")),
            str(detail.get("message", "")),
            after / 1000 if isinstance(after, int | float) else 0.0,
        )
