package dev.fairlead.gateway.cluster;

import dev.fairlead.gateway.store.Fence;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A gateway without others: it owns everything, always, and the database is asked nothing for it. */
public final class Alone implements Ownership {
    private final String node;

    public Alone(String node) {
        this.node = node;
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public boolean isAlone() {
        return true;
    }

    @Override
    public Optional<Fence> fence(LeaseName name) {
        return Optional.of(new Fence(name.text(), node, 0));
    }

    @Override
    public Optional<String> owner(LeaseName name) {
        return Optional.of(node);
    }

    @Override
    public Set<String> nodes() {
        return Set.of(node);
    }

    @Override
    public List<Fence> under(Collection<LeaseName> names) {
        return List.of();
    }

    @Override
    public void listen(Consumer<OwnershipChange> listener) {
        LeaseName.all()
                .forEach(name -> listener.accept(
                        new OwnershipChange.Gained(name, fence(name).orElseThrow())));
    }
}
