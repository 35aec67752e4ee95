#!/bin/sh
# Runs a command and prints one line about it; what it said follows if it failed. run.sh NAME COMMAND…
# The word SCRATCH in the command becomes a path that does not exist, in a folder that goes afterwards.
name=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for word in "$@"; do
    shift
    [ "$word" = SCRATCH ] && word=$folder/out
    set -- "$@" "$word"
done
said=$("$@" 2>&1)
code=$?
if [ $code -eq 0 ]; then
    echo "ok      $name"
else
    echo "FAILED  $name (exit $code)"
    echo "$said"
    exit 1
fi
