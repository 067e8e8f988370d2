/**
 * Agents, streams and chats of a Fairlead gateway, by the rules that every client keeps. `Agent`, `Stream` and `Chat` are
 * all there is to begin with.
 */

export { Agent, type AgentOptions, type SendOptions } from "./agent.js";
export { Backoff } from "./backoff.js";
export { Chat, type ChatOptions } from "./chat.js";
export { FairleadError } from "./errors.js";
export type * from "./frames.js";
export { CLOSE_CODES } from "./frames.js";
export type { ConnectionState } from "./link.js";
export type { Message, MessageHandler } from "./messages.js";
export type { AgentRequest, RequestHandler } from "./session.js";
export { Stream, type StreamOptions } from "./stream.js";
export type { ChatHandler, Turn } from "./turns.js";
