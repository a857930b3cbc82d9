// A bad network between hosts: every TCP connection between them goes through here, and can be
// delayed, stalled, cut, or left half open (bytes vanish without a word, nothing is closed). Run
// with the path of a Unix socket, the hosts as JSON {"a": {"seenAt": "10.0.9.1", "isAt":
// "10.0.1.1"}, ...}, and ports. Each line on the Unix socket is an order as JSON {"from": "a",
// "to": "b", "delayMs": 0, "stall": false, "swallow": false, "cut": false} for one direction; the
// answer is a line.
const { connect, createServer } = require('node:net');

const [control, hostsJson, ...ports] = process.argv.slice(2);
const hosts = JSON.parse(hostsJson);
const ways = new Map();
const flows = new Set();

function way(from, to) {
  const name = `${from} ${to}`;
  if (!ways.has(name)) ways.set(name, { delayMs: 0, stall: false, swallow: false });
  return ways.get(name);
}

/**
 * Bytes of one direction of one connection. Once some of them vanished, so do all later ones: TCP
 * knows no holes.
 */
class Flow {
  constructor(source, sink, from, to) {
    Object.assign(this, { source, sink, from, to, holed: false, timers: new Set(), waiting: [] });
    flows.add(this);
    source.on('data', (bytes) => this.take(bytes));
    source.on('end', () => this.pass(() => sink.end()));
    source.on('error', () => sink.destroy());
    source.on('close', () => this.over());
    this.obey();
  }

  take(bytes) {
    const { swallow } = way(this.from, this.to);
    if (swallow) this.holed = true;
    this.pass(() => this.sink.write(bytes));
  }

  /** In order, whichever timer is the first: each lets the next of the waiting pass. */
  pass(act) {
    if (this.holed) return;
    const { delayMs } = way(this.from, this.to);
    if (delayMs === 0 && this.timers.size === 0) return act();
    this.dueAt = Math.max(performance.now() + delayMs, this.dueAt ?? 0);
    this.waiting.push(act);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      const next = this.waiting.shift();
      if (!this.sink.destroyed) next();
    }, this.dueAt - performance.now());
    this.timers.add(timer);
  }

  obey() {
    if (way(this.from, this.to).stall) this.source.pause();
    else this.source.resume();
  }

  cut() {
    this.source.resetAndDestroy();
    this.sink.resetAndDestroy();
  }

  over() {
    flows.delete(this);
    if (this.timers.size === 0 && !this.holed) this.sink.destroy();
  }
}

function nameOf(address) {
  const plain = address?.replace('::ffff:', '');
  return Object.keys(hosts).find((name) => hosts[name].isAt === plain);
}

for (const [to, { seenAt, isAt }] of Object.entries(hosts)) {
  for (const port of ports.map(Number)) {
    const server = createServer({ allowHalfOpen: true }, (outside) => {
      const from = nameOf(outside.remoteAddress);
      if (from === undefined) return outside.destroy();
      const inside = connect({ port, host: isAt, allowHalfOpen: true });
      new Flow(outside, inside, from, to);
      new Flow(inside, outside, to, from);
    });
    server.listen(port, seenAt);
  }
}

createServer((orders) => {
  let unread = '';
  orders.on('error', () => undefined);
  orders.on('data', (bytes) => {
    unread += bytes;
    const lines = unread.split('\n');
    unread = lines.pop();
    for (const line of lines) {
      const { from, to, cut, ...mode } = JSON.parse(line);
      Object.assign(way(from, to), mode);
      for (const flow of [...flows]) {
        if (flow.from !== from || flow.to !== to) continue;
        if (cut) flow.cut();
        else flow.obey();
      }
      orders.write('done\n');
    }
  });
}).listen(control);
