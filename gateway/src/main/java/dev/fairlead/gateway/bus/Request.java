package dev.fairlead.gateway.bus;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;

/**
 * A question or command to the one concern that answers it. Declared as a record in the package of the concern that
 * owns it; its bus address follows from its class.
 *
 * @param <R> the record that answers it
 */
@SuppressWarnings("unused") // the parameter ties a request to its answer at compile time
public interface Request<R extends Record> {
    /** What its asker is told where no answer comes in time. */
    default FairleadException late() {
        return new FairleadException(ErrorCode.TIMEOUT, "No answer in time; try again");
    }
}
