# The string table of tzres.dll, out of the time zones of a fresh registry: each has "Std"="NAME" and
# "MUI_Std"="@tzres.dll,-ID", and the same of Dlt and Display.
BEGIN { print "STRINGTABLE\nBEGIN" }
/^\[/ { zone = index($0, "\\Time Zones\\") > 0; delete text }
!zone { next }
match($0, /^"(Std|Dlt|Display)"="/) {
    name = substr($0, 2, index(substr($0, 2), "\"") - 1)
    text[name] = substr($0, RLENGTH)
}
match($0, /^"MUI_(Std|Dlt|Display)"="@tzres\.dll,-/) {
    name = substr($0, 6, index(substr($0, 6), "\"") - 1)
    id = substr($0, RLENGTH + 1)
    sub(/".*/, "", id)
    print "    " id ", " text[name]
}
END { print "END" }
