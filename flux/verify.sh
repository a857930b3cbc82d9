#!/usr/bin/env bash
# Verifies a deployment from outside, wherever it runs: every place answers and is healthy, all nodes know each other, and
# what is written at one place is read at all others. Exit code 0: every check passed. 1: one failed. 2: usage.
#
#   flux/verify.sh [options] HOST...
#
#   HOST       1.2.3.4 or name      each port of --ports, plain HTTP
#              1.2.3.4:38081        that port, plain HTTP
#              https://name         as it stands, for instance through a gateway
#   --ports    ports of a HOST without one: 38081-38083 or 38081,38083 (38081-38083)
#   --nodes N  how many nodes there are; without it, at least those that answer
#   --within S how long to wait for what is not so yet (30)
#
# Needs bash and curl. Leaves two small values behind, which expire after 10 minutes.
set -o pipefail

ports=38081-38083 nodes= within_s=30 failed=0
places=() selves=() alive=()

usage() { sed -n '2,14p' "$0" | sed 's/^# \{0,1\}//'; }
refuse() { printf '%s\n' "$1" >&2; usage >&2; exit 2; }
pass() { printf '  ok      %s\n' "$1"; }
fail() { printf '  FAILED  %s\n' "$1"; failed=$((failed + 1)); }
http() { curl --silent --show-error --connect-timeout 5 --max-time 10 "$@" 2>&1; }

is_port() { [[ $1 =~ ^[0-9]{1,5}$ ]] && [ "$1" -ge 1 ] && [ "$1" -le 65535 ]; }

# "38081-38083,38090" as one port per line.
port_list() {
  local part first last
  for part in ${1//,/ }; do
    first=${part%%-*} last=${part##*-}
    is_port "$first" && is_port "$last" && [ "$first" -le "$last" ] && [ $((last - first)) -lt 100 ] || return 1
    seq "$first" "$last"
  done
}

add_places() {
  local host=${1%/} port
  case $host in
    http://?* | https://?*) places+=("$host") ;;
    *://* | */* | '') refuse "not a HOST: $1" ;;
    \[*\]) for port in $(port_list "$ports"); do places+=("http://$host:$port"); done ;;
    \[*\]:* | *:*)
      [[ ${host%:*} =~ ^\[.*\]$|^[^:]+$ ]] && is_port "${host##*:}" || refuse "not a HOST: $1"
      places+=("http://$host")
      ;;
    *) for port in $(port_list "$ports"); do places+=("http://$host:$port"); done ;;
  esac
}

# in_time COMMAND...: repeats it until it succeeds or the time of all checks is up; tries at least once.
in_time() {
  until "$@"; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.5
  done
}

# The answer stays in `answer`, the status behind its last line break in `code`.
ask() {
  answer=$(http --write-out '\n%{http_code}' "$@")
  code=${answer##*$'\n'} answer=${answer%$'\n'*}
  answer=${answer%$'\n'}
}

# What came instead of what was hoped for.
instead() { if [ "$code" = 000 ]; then printf 'no answer: %.120s' "$answer"; else printf 'the answer is %s %.120s' "$code" "$answer"; fi; }

# text_of NAME: the text of that name in the answer, as nodes write JSON.
text_of() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' <<<"$answer" | head -n 1; }

healthy() { ask "$1/health" && [ "$code" = 200 ] && [ -n "$(text_of node_id)" ]; }

check_health() {
  local place
  for place in "${places[@]}"; do
    if in_time healthy "$place"; then
      pass "$place/health: 200, $(text_of name) of cluster $(text_of cluster)"
    elif [ "$code" = 200 ]; then
      fail "$place/health: something else answers there"
    else
      fail "$place/health: 200; $(instead)"
    fi
  done
}

# Who answers at each place, and whom it sees alive: one line of ids with a space around each.
look_around() {
  local index
  for index in "${!places[@]}"; do
    ask "${places[index]}/peers"
    selves[index]=$(sed -n 's/^{"node_id":"\([^"]*\)".*/\1/p' <<<"$answer")
    alive[index]=" $(grep -o '{"id":"[^{}]*"state":"alive"' <<<"$answer" | sed 's/{"id":"\([^"]*\)".*/\1/' | tr '\n' ' ')"
  done
}

# What is missing in the view of one place; nothing when all is well.
missing_at() {
  local index=$1 other count
  count=$(wc -w <<<"${alive[index]}")
  [ -n "${selves[index]}" ] || { echo 'no answer of a node'; return; }
  [ $((count)) -gt 0 ] || { echo 'it sees no peer alive'; return; }
  for other in "${!places[@]}"; do
    # Who does not answer is told of once.
    [ -n "${selves[other]}" ] || continue
    case " ${selves[index]}${alive[index]}" in
      *" ${selves[other]} "*) ;;
      *) echo "it does not see the node at ${places[other]}"; return ;;
    esac
  done
  [ -z "$nodes" ] || [ $((count)) -eq $((nodes - 1)) ] ||
    echo "it sees $((count)) peers alive, of $((nodes - 1))"
}

all_acquainted() {
  local index
  look_around
  for index in "${!places[@]}"; do [ -z "$(missing_at "$index")" ] || return 1; done
}

check_peers() {
  local index missing
  in_time all_acquainted
  for index in "${!places[@]}"; do
    missing=$(missing_at "$index")
    if [ -z "$missing" ]; then
      pass "${places[index]}/peers: $(($(wc -w <<<"${alive[index]}"))) peers alive"
    else
      fail "${places[index]}/peers: $missing"
    fi
  done
}

holds() { ask "$1/data/$2" && [ "$code" = 200 ] && [ "$answer" = "$3" ]; }

# check_data PLACE: written there, readable at every other place.
check_data() {
  local from=$1 key=verify-$$-$RANDOM$RANDOM value="written at $1" place
  ask -X PUT --data-binary "$value" "$from/data/$key?ttl=600"
  case $code in
    201) pass "PUT $from/data/$key: 201" ;;
    202) fail "PUT $from/data/$key: 201; the answer is 202: fewer than a majority hold it" ;;
    *) fail "PUT $from/data/$key: 201; $(instead)"; return ;;
  esac
  for place in "${places[@]}"; do
    [ "$place" != "$from" ] || [ "${#places[@]}" = 1 ] || continue
    if in_time holds "$place" "$key" "$value"; then
      pass "GET $place/data/$key: the same"
    else
      fail "GET $place/data/$key: \"$value\"; $(instead)"
    fi
  done
}

hosts=()
while [ $# -gt 0 ]; do
  case $1 in
    --ports) ports=${2-}; shift ;;
    --nodes) nodes=${2-}; shift ;;
    --within) within_s=${2-}; shift ;;
    --help | -h) usage; exit 0 ;;
    -*) refuse "unknown option: $1" ;;
    *) hosts+=("$1") ;;
  esac
  shift || refuse 'an option lacks its value'
done
[ "${#hosts[@]}" -gt 0 ] || refuse 'name at least one HOST'
[ -n "$(port_list "$ports")" ] && port_list "$ports" >/dev/null || refuse "not a list of ports: $ports"
[[ $nodes =~ ^[0-9]*$ ]] || refuse "not a number of nodes: $nodes"
[[ $within_s =~ ^[0-9]{1,4}$ ]] || refuse "not a number of seconds: $within_s"
for host in "${hosts[@]}"; do add_places "$host"; done

readonly deadline=$((SECONDS + within_s))
printf 'REPRAM at %s\n' "${places[*]}"
check_health
check_peers
check_data "${places[0]}"
[ "${#places[@]}" = 1 ] || check_data "${places[${#places[@]} - 1]}"
if [ "$failed" = 0 ]; then
  printf 'All checks passed.\n'
  exit 0
fi
printf '%d checks failed.\n' "$failed"
exit 1
