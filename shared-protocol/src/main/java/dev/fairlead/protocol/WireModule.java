package dev.fairlead.protocol;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.module.SimpleModule;

/**
 * How names and instants stand on the wire. A module of its own, so that what describes the records for other languages
 * can follow the same rules as {@link FrameCodec}.
 */
public final class WireModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    public WireModule() {
        super("fairlead-wire");
        InstantFormat.addTo(this);
        WholeNumbers.addTo(this);
        RawJsonFormat.addTo(this);
    }

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        context.setNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    }
}
