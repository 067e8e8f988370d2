/**
 * Instances: programs the gateway starts, watches, starts again and stops. Other concerns meet it through
 * {@link dev.fairlead.gateway.instances.InstanceCommands} and {@link dev.fairlead.gateway.instances.InstanceEvent}.
 * What an instance writes goes to {@code logs/<name>/current.log} in the data folder.
 */
package dev.fairlead.gateway.instances;
