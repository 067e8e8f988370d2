"""Agents, streams and chats of a Fairlead gateway, by the rules that every client keeps.

`Agent`, `Stream` and `Chat` are all there is to begin with; `frames` has the types of what is on the wire.
"""

from . import frames
from .agent import Agent
from .backoff import Backoff
from .chat import Chat
from .errors import FairleadError
from .link import Connecting, Disconnected, Ready, State, Stopped
from .messages import Message
from .session import Request
from .stream import Stream
from .tokens import TokenFile
from .turns import Turn

__all__ = [
    "Agent",
    "Backoff",
    "Chat",
    "Connecting",
    "Disconnected",
    "FairleadError",
    "Message",
    "Ready",
    "Request",
    "State",
    "Stopped",
    "Stream",
    "TokenFile",
    "Turn",
    "frames",
]
