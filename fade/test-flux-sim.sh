#!/usr/bin/env bash
# The deployment, tried out: several nodes in one container start, claim different ports, discover each other, replicate
# what is written, and stop cleanly. Exit code 0 only when every check passed; what was started is always taken down.
#
#   fade/test-flux-sim.sh                 build the image, run it with docker compose, check it
#   fade/test-flux-sim.sh --image NAME    the same with an image that exists already
#   fade/test-flux-sim.sh --local         without Docker: the built launcher (npm run build)
#
# NODE_COUNT (3) nodes on the host's ports BASE_PORT (8081) to BASE_PORT+9. Needs bash and curl.
set -o pipefail
cd "$(dirname "$0")/.."

readonly NODES=${NODE_COUNT:-3} BASE=${BASE_PORT:-8081} RANGE=10
readonly READY_WITHIN_S=${READY_WITHIN_S:-60} STOP_WITHIN_S=10 PROJECT=flux-sim-$$
mode=docker image=
ports=() failed=0 launcher= started= log=

usage() { sed -n '2,10s/^# \{0,1\}//p' "$0"; }
pass() { printf '  ok      %s\n' "$1"; }
fail() { printf '  FAILED  %s\n' "$1"; failed=$((failed + 1)); }
# give_up WHY: for what makes every further check meaningless.
give_up() { fail "$1"; exit 1; }
http() { curl --silent --show-error --noproxy '*' --max-time 5 "$@" 2>&1; }
status_of() { http --output /dev/null --write-out '%{http_code}' "$@" 2>/dev/null; }
last_port() { echo $((BASE + RANGE - 1)); }

compose() {
  FLUX_SIM_IMAGE=${image:-repram-flux:local} FLUX_SIM_PORTS=$BASE-$(last_port) NODE_COUNT=$NODES \
    docker compose --project-name "$PROJECT" --file docker-compose.yml "$@"
}

start() {
  if [ "$mode" = local ]; then
    [ -f dist/launcher.js ] || give_up 'dist/launcher.js is missing: npm run build'
    log=$(mktemp)
    BASE_PORT=$BASE MAX_PORTS=$RANGE NODE_COUNT=$NODES DISCOVERY_DOMAIN=localhost \
      REPRAM_BIND_ADDRESS=${REPRAM_BIND_ADDRESS:-127.0.0.1} node dist/launcher.js >"$log" 2>&1 &
    launcher=$!
    return
  fi
  docker compose version >/dev/null 2>&1 || give_up 'docker compose is missing; without Docker: --local'
  docker info >/dev/null 2>&1 || give_up 'no Docker engine answers; without Docker: --local'
  started=yes
  if [ -n "$image" ]; then compose up --detach --no-build; else compose up --detach --build; fi ||
    give_up 'the container does not start'
}

# SIGTERM, and whether the launcher ends in time.
end_launcher() {
  local deadline=$((SECONDS + STOP_WITHIN_S))
  kill -TERM "$launcher" 2>/dev/null
  while running && [ $SECONDS -lt $deadline ]; do sleep 0.1; done
  ! running
}

running() {
  if [ "$mode" = local ]; then kill -0 "$launcher" 2>/dev/null; else [ -n "$(compose ps --quiet flux-sim)" ]; fi
}

# Ports of the range whose node is ready, in ports.
find_ready() {
  ports=()
  local port
  for ((port = BASE; port <= $(last_port); port++)); do
    # Something else may hold a port of the range, and answer.
    http --fail "http://127.0.0.1:$port/health/ready" | grep -q '"node_id":' && ports+=("$port")
  done
}

alive_peers() { http "http://127.0.0.1:$1/peers" | grep -o '"state":"alive"' | wc -l; }

formed() {
  find_ready
  [ "${#ports[@]}" = "$NODES" ] || return 1
  local port
  for port in "${ports[@]}"; do [ "$(alive_peers "$port")" -eq $((NODES - 1)) ] || return 1; done
}

wait_until_formed() {
  local deadline=$((SECONDS + READY_WITHIN_S))
  until formed; do
    running || give_up 'what was started has ended'
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.2
  done
}

check_nodes() {
  wait_until_formed || true
  if [ "${#ports[@]}" = "$NODES" ]; then
    pass "$NODES nodes are ready, each on a port of its own: ${ports[*]}"
  else
    fail "$NODES nodes ready within $READY_WITHIN_S s; ready are: ${ports[*]:-none}"
  fi
  local port ids
  ids=$(for port in "${ports[@]}"; do http "http://127.0.0.1:$port/health" | grep -o '"node_id":"[^"]*"'; done)
  if [ "$(sort -u <<<"$ids" | grep -c .)" = "$NODES" ]; then
    pass 'every port is answered by another node'
  else
    fail "every port is answered by another node; ids: ${ids//$'\n'/ }"
  fi
}

check_peers() {
  local port alive
  for port in "${ports[@]}"; do
    alive=$(alive_peers "$port")
    if [ "$alive" -eq $((NODES - 1)) ]; then
      pass "node on $port has discovered $alive peers"
    else
      fail "node on $port has discovered $((NODES - 1)) peers; it shows $alive as alive"
    fi
  done
}

# check_replication FROM KEY: written on one port, readable on all.
check_replication() {
  local key=test-flux-sim-$2 value="written on port $1" code port got
  code=$(status_of -X PUT --data-binary "$value" "http://127.0.0.1:$1/data/$key?ttl=600")
  if [ "$code" = 201 ]; then pass "PUT on $1: 201"; else fail "PUT on $1: 201; the answer is $code"; fi
  for port in "${ports[@]}"; do
    got=$(http "http://127.0.0.1:$port/data/$key")
    if [ "$got" = "$value" ]; then pass "GET on $port: $got"; else fail "GET on $port: $value; the answer is ${got:-empty}"; fi
  done
}

stopped_with() {
  if [ "$mode" = local ]; then
    local code=0
    end_launcher || { echo "nothing within $STOP_WITHIN_S s"; return; }
    wait "$launcher" || code=$?
    echo "exit code $code"
  else
    local container
    container=$(compose ps --quiet --all flux-sim)
    compose stop --timeout "$STOP_WITHIN_S" >/dev/null 2>&1
    echo "exit code $(docker inspect --format '{{.State.ExitCode}}' "$container")"
  fi
}

check_stop() {
  local ending
  # Not in a subshell: only its parent can wait for the launcher.
  ending=$(mktemp)
  stopped_with >"$ending"
  if [ "$(cat "$ending")" = 'exit code 0' ]; then
    pass 'SIGTERM: exit code 0'
  else
    fail "SIGTERM: exit code 0; it was $(cat "$ending")"
  fi
  rm -f "$ending"
}

clean_up() {
  local code=$?
  trap - EXIT
  if [ "$failed" != 0 ] && { [ -n "$log" ] || [ -n "$started" ]; }; then
    printf '\nThe last lines of the log:\n'
    if [ -n "$log" ]; then tail -n 30 "$log"; else compose logs --tail 30 2>&1; fi
  fi
  # After SIGKILL its nodes end by themselves: they have lost it.
  if [ -n "$launcher" ] && running && ! end_launcher; then kill -KILL "$launcher"; fi
  [ -n "$log" ] && rm -f "$log"
  [ -n "$started" ] && ! compose down --volumes --timeout 10 >/dev/null 2>&1 && fail 'the container is taken down'
  if [ "$failed" = 0 ] && [ "$code" = 0 ]; then
    printf 'All checks passed.\n'
    exit 0
  fi
  printf '%d checks failed.\n' "$failed"
  exit 1
}

while [ $# -gt 0 ]; do
  case $1 in
    --local) mode=local ;;
    --image) image=${2:?--image needs a name}; shift ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
trap clean_up EXIT
trap 'exit 130' INT TERM

printf 'REPRAM on Flux, simulated (%s): %s nodes in ports %s-%s\n' "$mode" "$NODES" "$BASE" "$(last_port)"
start
check_nodes
check_peers
if [ "${#ports[@]}" -gt 0 ]; then
  check_replication "${ports[0]}" first
  check_replication "${ports[${#ports[@]} - 1]}" last
fi
check_stop
exit 0
