/**
 * The truth on disk: the data folder with its file modes, and the database with a pool for reads, one grouped writer
 * and the migrations. Each concern keeps its own repository with its own tables; this package knows of none of them.
 */
package dev.fairlead.gateway.store;
