#!/bin/sh
# Runs a program and prints one line about it; what it said follows if it failed. run.sh NAME COMMAND…
name=$1
shift
if said=$("$@" 2>&1); then
    echo "ok      c $name"
else
    echo "FAILED  c $name (exit $?)"
    echo "$said"
    exit 1
fi
