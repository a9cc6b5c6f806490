# awk -f shown.awk SHOWN OUTPUT: exit code 0 if each line that is shown is in the output, in this order. In a line, `...`
# stands for anything; a line of it alone for any lines; a text that is broken into several lines is one.
function plain(line)
{
    gsub(/[ \t]+/, " ", line)
    sub(/^ /, "", line)
    sub(/ $/, "", line)
    return line
}
# Whether `text` begins where it may, and goes on as `pattern` says.
function matches(text, pattern,    parts, count, i, at)
{
    count = split(pattern, parts, /\.\.\./)
    for (i = 1; i <= count; i++) {
        at = index(text, parts[i])
        if (!at || (i == 1 && at != 1))
            return 0
        text = substr(text, at + length(parts[i]))
    }
    return parts[count] == "" || text == ""
}
FNR == NR {
    if (plain($0) != "..." && plain($0) != "")
        shown[++wanted] = plain($0)
    next
}
{output[++lines] = plain($0)}
END {
    line = 1
    for (i = 1; i <= wanted; i++) {
        for (found = 0; line <= lines && !found; line++)
            found = matches(output[line], shown[i]) || matches(output[line] " " output[line + 1], shown[i])
        if (!found) {
            print "not in the output, or not there: " shown[i] > "/dev/stderr"
            exit 1
        }
    }
}
