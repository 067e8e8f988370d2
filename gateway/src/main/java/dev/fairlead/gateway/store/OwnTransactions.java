package dev.fairlead.gateway.store;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks what goes to a database by itself, past its one writer. All others write by the ledger, which a test holds. */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface OwnTransactions {
    /** Why it cannot be the writer's. */
    String value();
}
