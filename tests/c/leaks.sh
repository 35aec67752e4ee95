#!/bin/sh
# Prints the ASAN_OPTIONS that work here: whether a program that leaks is caught decides.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo 'int main(void) { void *volatile lost = __builtin_malloc(7); lost = 0; return lost != 0; }' > "$folder/leak.c"
if ! gcc -fsanitize=address "$folder/leak.c" -o "$folder/leak"; then
    echo "AddressSanitizer is not installed (gcc: libasan)" >&2
    exit 1
fi
said=$(ASAN_OPTIONS=detect_leaks=1 "$folder/leak" 2>&1)
case $said in
*"detected memory leaks"*) echo detect_leaks=1 ;;
*)
    echo "note: leaks are not looked for: LeakSanitizer does not work on this machine" >&2
    echo detect_leaks=0
    ;;
esac
