package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A function that a model may call.
 *
 * @param parameters JSON schema of its arguments
 */
record FunctionSpec(String name, String description, JsonNode parameters) {}
