# Turns SQL files into C strings: FILE.sql becomes sql_FILE, and the schema's NNN_NAME.sql, in order, the table
# schema_scripts, which ends with version 0. What each statement is for is said in sql.h.

BEGIN { print "#include \"sql.h\"" }

FNR == 1 {
    if (NR > 1)
        print "    ;"
    file = FILENAME
    sub(/.*\//, "", file)
    sub(/\.sql$/, "", file)
    if (file ~ /^[0-9]+_/) {
        scripts = scripts sprintf("    {%d, \"%s\", schema_%s},\n", file + 0, substr(file, index(file, "_") + 1), file)
        printf "static const char schema_%s[] =\n", file
    } else {
        printf "const char sql_%s[] =\n", file
    }
}

{
    gsub(/\\/, "&&")
    gsub(/"/, "\\\\&")
    printf "    \"%s\\n\"\n", $0
}

END {
    print "    ;"
    printf "const SchemaScript schema_scripts[] = {\n%s    {0, NULL, NULL},\n};\n", scripts
}
