#!/bin/sh
# notices.sh SOUND BROKEN WORKLOAD: the same workload has another answer where its objects share memory.
answer() {
    "$1" --workload "$2" --small --repetitions 1 | sed -n 's/.*"checksum":"\{0,1\}\([0-9a-f]\{1,\}\).*/\1/p'
}

sound=$(answer "$1" "$3")
broken=$(answer "$2" "$3")
if [ -z "$sound" ] || [ -z "$broken" ] || [ "$sound" = "$broken" ]; then
    echo "$3: '$sound' as it should be, '$broken' with objects that share memory" >&2
    exit 1
fi
