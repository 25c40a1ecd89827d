# Assembles the page and makes two C strings of it: what stands before its data, and what behind them.
#
#   awk -v style_digest=HEX -v script_digest=HEX -f page.awk page.css page.js page.html
#
# Style and script get into the page byte by byte, and the page's policy names them by their SHA-256: nothing else runs.

function number(digit) {
    return index("0123456789abcdef", digit) - 1
}

# SHA-256 as sha256sum writes it -> as a policy names it: 3 hexadecimal digits are 2 of base 64.
function source(hexadecimal,    letters, encoded, value, i) {
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for (i = 1; i <= 64; i += 3) {
        value = number(substr(hexadecimal, i, 1)) * 256
        value += i == 64 ? 0 : number(substr(hexadecimal, i + 1, 1)) * 16 + number(substr(hexadecimal, i + 2, 1))
        encoded = encoded substr(letters, int(value / 64) + 1, 1) (i == 64 ? "=" : substr(letters, value % 64 + 1, 1))
    }
    return "sha256-" encoded
}

function quoted(text) {
    gsub(/\\/, "&&", text)
    gsub(/"/, "\\\\&", text)
    gsub(/\n/, "\\n\"\n    \"", text)
    return "    \"" text "\""
}

# Not by sub(), to which & and \ in the replacement say something.
function put(name, text,    place) {
    place = index(page, name)
    page = substr(page, 1, place - 1) text substr(page, place + length(name))
}

FNR == 1 { file++ }
file == 1 { style = style $0 "\n" }
file == 2 { script = script $0 "\n" }
file == 3 { page = page $0 "\n" }

END {
    put("@style-hash@", source(style_digest))
    put("@script-hash@", source(script_digest))
    put("@style@", style)
    put("@script@", script)
    place = index(page, "@data@")
    print "#include \"report/page.h\""
    print "const char page_before_data[] =\n" quoted(substr(page, 1, place - 1)) ";"
    print "const char page_after_data[] =\n" quoted(substr(page, place + length("@data@"))) ";"
}
