#!/bin/sh
# Process 1 of a container: starts the program it is given and ends with its exit code. The kernel drops every signal to
# process 1 that has no handler yet, and Node.js needs a while until it has one: this script listens at once, and what it
# hears it passes on. Orphans become its children, and its `wait` reaps them; Node.js as process 1 would not.
child=
early=

# A shell starts what runs beside it with SIGINT ignored. Node.js undoes that, but not at once.
ignores_int() {
  while read -r name mask; do
    [ "$name" = SigIgn: ] || continue
    # SIGINT is the second bit.
    case $mask in
      *[2367abef]) return 0 ;;
      *) return 1 ;;
    esac
  done 2>/dev/null <"/proc/$child/status"
  return 1
}

would_lose() {
  [ "/proc/$child/exe" -ef "/proc/$$/exe" ] || { [ "$1" = INT ] && ignores_int; }
}

# A child that has not become the program yet still has the handlers of this shell, and would lose the signal in them.
# Ten seconds are the bound for a program that is a shell itself, or ignores SIGINT for good.
deliver() {
  tries=0
  while would_lose "$1" && [ "$tries" -lt 500 ]; do
    tries=$((tries + 1))
    sleep 0.02
  done
  kill -s "$1" "$child" 2>/dev/null
}

pass_on() {
  if [ -z "$child" ]; then early=$1; else deliver "$1"; fi
}

trap 'pass_on TERM' TERM
trap 'pass_on INT' INT
trap 'pass_on HUP' HUP

"$@" &
child=$!
[ -z "$early" ] || deliver "$early"

wait "$child"
code=$?
# A signal ends `wait` while the program still runs.
while kill -0 "$child" 2>/dev/null; do
  wait "$child"
  code=$?
done
exit "$code"
