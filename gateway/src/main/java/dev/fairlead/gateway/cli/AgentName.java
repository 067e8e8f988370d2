package dev.fairlead.gateway.cli;

import dev.fairlead.protocol.Names;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An agent's or instance's name as an argument, checked before it becomes part of a path. */
record AgentName(String text) {

    /** Refuses what is no name. */
    static final class Converter implements ITypeConverter<AgentName> {
        @Override
        public AgentName convert(String text) {
            if (!Names.isValid(text)) {
                throw new TypeConversionException("a name is 1 to 63 of a-z, 0-9 and '-', and does not begin with '-'");
            }
            return new AgentName(text);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
