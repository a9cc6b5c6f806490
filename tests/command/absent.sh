# A known allocator that is not on this machine: the message names the package.
"$1" system || exit 1
message=$("$1" absent 2>&1)
[ $? -eq 2 ] || exit 1
echo "$message"
[ "$(echo "$message" | wc -l)" -eq 1 ] || exit 1
echo "$message" | grep -Eq 'absent is not on this machine; install it: .*(libabsent7|absent)'
