package dev.fairlead.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.h2.message.DbException;
import org.h2.mvstore.DataUtils;
import org.junit.jupiter.api.Test;

class SqlFaultTest {
    @Test
    void what_the_store_of_the_file_throws_is_the_databases_fault_whatever_it_is_called() {
        SQLException closing =
                DbException.toSQLException(DataUtils.newMVStoreException(DataUtils.ERROR_INTERNAL, "a page"));
        assertThat(closing.getSQLState()).isEqualTo("HY000");
        assertThat(SqlFault.of(closing)).isEqualTo(SqlFault.BROKEN);
    }

    @Test
    void any_other_general_error_is_the_statements_and_says_what_was_thrown_and_no_value() {
        SQLException odd = DbException.toSQLException(new IllegalStateException("a value"));
        assertThat(SqlFault.of(odd)).isEqualTo(SqlFault.STATEMENT);
        assertThat(StatementException.of(odd, "SELECT ?").getMessage())
                .isEqualTo("SQLState HY000 (java.lang.IllegalStateException) from: SELECT ?");
    }
}
