package dev.fairlead.gateway.time;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What decides: plain state on injected time, which is told what happened and says what is to be done. It knows no
 * event loop, no future, no database and no file, so that each of its rules is tested without a socket or a sleep; the
 * build holds it to that.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface StateMachine {}
