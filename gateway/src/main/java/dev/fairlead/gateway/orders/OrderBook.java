package dev.fairlead.gateway.orders;

import java.util.ArrayList;
import java.util.List;

/** Every order this node has something to do with, each where its status puts it. */
final class OrderBook {
    private final Orders orders;
    private final Confirmations confirmations;
    private final LiveOrders live;

    OrderBook(Orders orders, Confirmations confirmations, LiveOrders live) {
        this.orders = orders;
        this.confirmations = confirmations;
        this.live = live;
    }

    /** An order is stored as it is now. */
    void stored(Order now) {
        orders.stored(now);
        confirmations.stored(now);
        live.stored(now);
    }

    /** Somebody else has changed it; what has been stored of it since stays. */
    void leave(Order before) {
        orders.leave(before);
        confirmations.leave(before);
        live.leave(before);
    }

    /** Another node has all of it: nothing is done with any of it here. */
    void forget() {
        orders.forget();
        confirmations.forget();
        live.forget();
    }

    /** What is to be done now; it is under way then. */
    List<Orders.Work> takeWork() {
        List<Orders.Work> work = new ArrayList<>(confirmations.takeWork());
        work.addAll(orders.takeWork());
        return work;
    }
}
