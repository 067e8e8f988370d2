package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.logs.Generation.Print;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The positions of a log over all the files it went through: each byte has one, kept when its file is renamed, copied
 * away by our own rotation, or the gateway is restarted. Where one file ends and an unrelated one begins, one position
 * is left out: it stands for the break, so that whoever stands before it has not been told of it. Plain state, not
 * thread-safe.
 */
final class Generations {
    /** More files than any rotation keeps; what is older is forgotten. */
    static final int MAX = 128;

    private final long id;
    private final ArrayList<Generation> files = new ArrayList<>();

    /**
     * With what was kept of an earlier life.
     *
     * @param id tells this numbering from any other
     */
    Generations(long id, List<Generation> kept) {
        this.id = id;
        this.files.addAll(kept);
    }

    long id() {
        return id;
    }

    List<Generation> files() {
        return List.copyOf(files);
    }

    /** The file that is written to, where there has been any. */
    Optional<Generation> current() {
        return files.isEmpty() ? Optional.empty() : Optional.of(files.get(files.size() - 1));
    }

    /** The oldest position there is. */
    long oldest() {
        return files.isEmpty() ? 0 : files.get(0).start();
    }

    /** The file that holds the byte at {@code position}, or ends there before a break; empty if that is gone. */
    Optional<Generation> at(long position) {
        for (int i = files.size() - 1; i >= 0; i--) {
            if (files.get(i).start() <= position) {
                return Optional.of(files.get(i));
            }
        }
        return Optional.empty();
    }

    Optional<Generation> after(Generation file) {
        int index = files.indexOf(file);
        return index >= 0 && index + 1 < files.size() ? Optional.of(files.get(index + 1)) : Optional.empty();
    }

    Optional<Generation> before(Generation file) {
        int index = files.indexOf(file);
        return index > 0 ? Optional.of(files.get(index - 1)) : Optional.empty();
    }

    boolean knows(long inode) {
        return files.stream().anyMatch(file -> file.inode() == inode);
    }

    /** Ends the file that was written to, {@code length} bytes after its first. */
    void close(long length) {
        replace(current().orElseThrow(), current().orElseThrow().closed(length));
    }

    /** Adds a file that begins anew; it is the current one from now on. */
    Generation begin(String name, long inode, Print print) {
        long start = files.isEmpty() ? 0 : current().orElseThrow().end() + 1;
        Generation added = new Generation(name, inode, start, 0, Generation.OPEN, false, print);
        files.add(added);
        while (files.size() > MAX) {
            files.remove(0);
        }
        return added;
    }

    /** The current file was cut to nothing: what it held is gone, what comes is new. */
    void truncate(long heldUntil) {
        Generation cut = current().orElseThrow();
        files.remove(cut);
        files.add(new Generation(cut.name(), cut.inode(), heldUntil + 1, 0, Generation.OPEN, false, Print.NONE));
    }

    /**
     * The first {@code bytes} of the current file were copied to a file of their own and freed.
     *
     * @param skip where in the current file its first byte stands now
     */
    void archive(String name, long inode, long bytes, long skip, Print archived, Print remaining) {
        Generation whole = current().orElseThrow();
        files.remove(whole);
        files.add(new Generation(name, inode, whole.start(), 0, bytes, whole.joined(), archived));
        files.add(new Generation(
                whole.name(), whole.inode(), whole.start() + bytes, skip, Generation.OPEN, true, remaining));
    }

    /** The first {@code bytes} of the current file were freed and are gone; parameters as of {@link #archive}. */
    void drop(long bytes, long skip, Print remaining) {
        Generation whole = current().orElseThrow();
        files.remove(whole);
        files.add(new Generation(
                whole.name(), whole.inode(), whole.start() + bytes, skip, Generation.OPEN, true, remaining));
    }

    void replace(Generation old, Generation now) {
        files.set(files.indexOf(old), now);
    }

    /** Forgets a file that is not there any more. */
    void forget(Generation gone) {
        files.remove(gone);
    }
}
