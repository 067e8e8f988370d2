/**
 * Language models behind an OpenAI-compatible endpoint: the wire ({@code SseParser}, {@code CompletionReader},
 * {@code ChatCompletions}) and the agent that answers a chat with it ({@code LlmAgent}).
 */
package dev.fairlead.gateway.chat.llm;
