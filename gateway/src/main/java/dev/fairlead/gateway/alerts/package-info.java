/** What an operator is to be told of: rules, what they found, and the receivers outside that hear of it. */
package dev.fairlead.gateway.alerts;
