# Turns SQL files into C strings. In a chapter of sql/load/, "-- name: STATEMENT" begins the string sql_STATEMENT; the schema's
# NNN_NAME.sql, in order, become the table schema_scripts, which ends with version 0, and each records itself at its end. With
# -v header=1 the declarations are printed in place of the strings.

function end_string()
{
    if (in_string && !header)
        print record "    ;"
    in_string = 0
    record = ""
}

function begin_string(declaration)
{
    end_string()
    in_string = 1
    if (!header)
        printf "%s =\n", declaration
}

BEGIN { if (!header) print "#include \"database/sql.h\"" }

FNR == 1 {
    end_string()
    file = FILENAME
    sub(/.*\//, "", file)
    sub(/\.sql$/, "", file)
    if (file ~ /^[0-9]+_/) {
        name = substr(file, index(file, "_") + 1)
        scripts = scripts sprintf("    {%d, \"%s\", schema_%s},\n", file + 0, name, file)
        begin_string("static const char schema_" file "[]")
        record = sprintf("    \"INSERT INTO ttr_data.schema_version (version, name) VALUES (%d, '%s');\\n\"\n", file + 0, name)
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
