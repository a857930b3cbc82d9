#!/bin/sh
# Process 1 of a container: starts the program it is given and ends with its exit code. The kernel drops every signal to
# process 1 that has no handler yet, and Node.js needs a while until it has one: this script listens at once, and what it
# hears it passes on. Orphans become its children, and its `wait` reaps them; Node.js as process 1 would not.
child=
early=

pass_on() {
  early=$1
  [ -z "$child" ] || kill -s "$1" "$child" 2>/dev/null
}

trap 'pass_on TERM' TERM
trap 'pass_on INT' INT
trap 'pass_on HUP' HUP

"$@" &
child=$!
[ -z "$early" ] || kill -s "$early" "$child" 2>/dev/null

wait "$child"
code=$?
# A signal ends `wait` while the program still runs.
while kill -0 "$child" 2>/dev/null; do
  wait "$child"
  code=$?
done
exit "$code"
