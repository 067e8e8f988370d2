/** What language models may cost: room is taken before a call, and what it did cost is settled after it. */
package dev.fairlead.gateway.chat.budget;
