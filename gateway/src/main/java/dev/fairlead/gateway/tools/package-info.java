/**
 * What agents in a chat can do with the gateway. A {@link dev.fairlead.gateway.tools.Tool} says what it takes and does
 * it; a {@link dev.fairlead.gateway.tools.ToolBox} is how an agent uses them in one turn: there the arguments are
 * checked, a person is asked where one must be, every call is audited and told to the session's sockets.
 */
package dev.fairlead.gateway.tools;
