#!/bin/sh
# preload.sh NAME LIBRARY PROGRAM: whole programs on the preloaded library: what they print is what they print without.
set -u
name=$1 library=$2 program=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
failed=0

preloaded() {
    LD_PRELOAD=$library "$@"
}

same() { # same SHELL-COMMANDS
    sh -c "$1" >without.txt 2>&1
    preloaded sh -c "$1" >with.txt 2>&1
    cmp -s without.txt with.txt || { echo "not the same on $name: $1"; diff without.txt with.txt | head; failed=1; }
}

preloaded "$program" "$name" || failed=1
same 'echo "$LD_PRELOAD" | wc -l'
same 'seq 30000 | awk "{ print (\$1 * 7919) % 30011, \$1 }" | sort -n | cksum'
same 'seq 200000 | sort --parallel=2 -S 1M -r | cksum'
same 'seq 20000 | sed "s/1/one/g" | tr a-z A-Z | gzip -c | gunzip -c | cksum'
same 'for i in 1 2 3 4 5; do (echo $i; exec ls /) & wait; done | cksum'
same 'awk "BEGIN { for (i = 0; i < 50000; i++) a[i % 777] = a[i % 777] i; for (k in a) n += length(a[k]); print n }"'
exit $failed
