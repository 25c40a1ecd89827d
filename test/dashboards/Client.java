// A dashboard's view of the database: through PgJDBC, as a login that may only read.
//
//   java Client.java catalogue             what Metabase lists when it syncs, by catalogue queries of its kind
//   java Client.java statements <FILE      runs statements: prints name, number of rows, columns as "name:type ...", and the values
//
// What is printed is separated by tabs. A statement stands in FILE as "name US statement RS" (the ASCII control characters). The
// environment says where the server is (PGHOST, a directory; PGPORT, PGDATABASE, PGUSER) and the client's time zone (TZ).

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;

public class Client {
    // Of the shape of Metabase's own: tables of every kind with their comments, those of them that may be read, columns with
    // their comments by a cast to regclass, which fails for a schema that may not be used.
    private static final String TABLES =
        "SELECT n.nspname AS schema, c.relname AS name, c.relkind, d.description"
        + " FROM pg_catalog.pg_class AS c"
        + " JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid"
        + " LEFT JOIN pg_catalog.pg_description AS d ON c.oid = d.objoid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass"
        + " WHERE c.relkind IN ('r', 'p', 'v', 'f', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
        + " ORDER BY 1, 2";
    private static final String READABLE =
        "WITH everything AS ("
        + " SELECT schemaname, tablename AS name FROM pg_catalog.pg_tables"
        + " UNION SELECT schemaname, viewname FROM pg_catalog.pg_views"
        + " UNION SELECT schemaname, matviewname FROM pg_catalog.pg_matviews)"
        + " SELECT schemaname, name FROM everything"
        + " WHERE schemaname !~ '^pg_' AND schemaname <> 'information_schema'"
        + " AND pg_catalog.has_any_column_privilege(current_user,"
        + "   '\"' || replace(schemaname, '\"', '\"\"') || '\".\"' || replace(name, '\"', '\"\"') || '\"', 'select')"
        + " AND pg_catalog.has_schema_privilege(current_user, schemaname, 'usage')";
    private static final String COLUMNS =
        "SELECT c.table_schema, c.table_name, c.column_name,"
        + " CASE WHEN c.udt_schema IN ('public', 'pg_catalog') THEN format('%s', c.udt_name)"
        + "      ELSE format('\"%s\".\"%s\"', c.udt_schema, c.udt_name) END AS type,"
        + " col_description(cast(cast(format('%I.%I', c.table_schema, c.table_name) AS text) AS regclass), c.ordinal_position) AS comment"
        + " FROM information_schema.columns AS c"
        + " WHERE c.table_schema !~ '^information_schema|catalog_history|pg_'"
        + " ORDER BY c.table_schema, c.table_name, c.ordinal_position";

    public static void main(String[] arguments) throws Exception {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            connection.setReadOnly(true);
            if (arguments[0].equals("catalogue")) {
                printCatalogue(statement);
            } else {
                runStatements(statement);
            }
        }
    }

    private static Connection connect() throws SQLException {
        String socket = System.getenv("PGHOST") + "/.s.PGSQL." + System.getenv("PGPORT");
        Properties properties = new Properties();
        properties.setProperty("user", System.getenv("PGUSER"));
        properties.setProperty("ApplicationName", "Metabase");
        properties.setProperty("socketFactory", "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg");
        properties.setProperty("socketFactoryArg", socket);
        properties.setProperty("sslmode", "disable");
        return DriverManager.getConnection("jdbc:postgresql://localhost/" + System.getenv("PGDATABASE"), properties);
    }

    private static void printCatalogue(Statement statement) throws SQLException {
        Set<String> readable = new HashSet<>();
        for (List<String> row : rows(statement, READABLE)) {
            readable.add(row.get(0) + "." + row.get(1));
        }
        for (List<String> row : rows(statement, TABLES)) {
            if (readable.contains(row.get(0) + "." + row.get(1))) {
                System.out.println("relation\t" + String.join("\t", row));
            }
        }
        for (List<String> row : rows(statement, COLUMNS)) {
            if (readable.contains(row.get(0) + "." + row.get(1))) {
                System.out.println("column\t" + String.join("\t", row));
            }
        }
    }

    private static void runStatements(Statement statement) throws Exception {
        String input = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        for (String record : input.split("\u001e")) {
            String[] parts = record.strip().split("\u001f", 2);
            if (parts.length < 2) {
                continue;
            }
            try (ResultSet result = statement.executeQuery(parts[1])) {
                print(parts[0], result);
            } catch (SQLException error) {
                System.out.println(parts[0] + "\tfailed\t" + error.getMessage().replaceAll("\\s+", " "));
            }
        }
    }

    private static void print(String name, ResultSet result) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        List<String> described = new ArrayList<>();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            described.add(columns.getColumnLabel(column) + ":" + columns.getColumnTypeName(column));
        }
        int count = 0;
        StringBuilder values = new StringBuilder();
        while (result.next()) {
            count++;
            for (int column = 1; column <= columns.getColumnCount(); column++) {
                values.append('\t').append(result.getString(column));
            }
        }
        System.out.println(name + "\t" + count + "\t" + String.join(" ", described) + values);
    }

    private static List<List<String>> rows(Statement statement, String query) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    String value = result.getString(column);
                    row.add(value == null ? "" : value.replaceAll("\\s+", " "));
                }
                rows.add(row);
            }
        }
        return rows;
    }
}
