# Turns SQL files into C strings. In a chapter of sql/load/, "-- name: STATEMENT" begins the string sql_STATEMENT; the schema's
# NNN_NAME.sql, in order, become the table schema_scripts, which ends with version 0. With -v header=1 the declarations are
# printed in place of the strings.

function end_string()
{
    if (in_string && !header)
        print "    ;"
    in_string = 0
}

function begin_string(declaration)
{
    end_string()
    in_string = 1
    if (!header)
        printf "%s =\n", declaration
}

BEGIN { if (!header) print "#include \"sql.h\"" }

FNR == 1 {
    end_string()
    file = FILENAME
    sub(/.*\//, "", file)
    sub(/\.sql$/, "", file)
    if (file ~ /^[0-9]+_/) {
        scripts = scripts sprintf("    {%d, \"%s\", schema_%s},\n", file + 0, substr(file, index(file, "_") + 1), file)
        begin_string("static const char schema_" file "[]")
    }
}

/^-- name: / {
    begin_string("const char sql_" $3 "[]")
    if (header)
        printf "extern const char sql_%s[];\n", $3
    next
}

in_string && !header {
    gsub(/\\/, "&&")
    gsub(/"/, "\\\\&")
    printf "    \"%s\\n\"\n", $0
}

END {
    end_string()
    if (!header)
        printf "const SchemaScript schema_scripts[] = {\n%s    {0, NULL, NULL},\n};\n", scripts
}
