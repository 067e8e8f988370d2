package dev.fairlead.gateway.demo.agent;

/**
 * What the planner hands to the worker.
 *
 * @param plan which plan it belongs to
 * @param step from 1
 * @param steps of the whole plan
 * @param what in words
 * @param possible a task that is not fails however often it is tried
 */
record Task(int plan, int step, int steps, String what, boolean possible) {
    /** The type of the message that hands it over. */
    static final String HANDOFF = "task.handoff";

    /** The type of the message that tells it is done. */
    static final String DONE = "task.done";

    String title() {
        return "plan " + plan + ", step " + step + " of " + steps + ": " + what;
    }
}
