// Leads TCP ports to other places, within the network namespace it runs in. Arguments: pairs of a
// listening place and a target, each host:port or the path of a Unix socket, such as
// 0.0.0.0:38081=127.0.0.1:8081.
const { connect, createServer } = require('node:net');

function placeOf(text) {
  const match = /^([^/]+):(\d+)$/.exec(text);
  return match === null ? { path: text } : { host: match[1], port: Number(match[2]) };
}

for (const pair of process.argv.slice(2)) {
  const [from, to] = pair.split('=').map(placeOf);
  const server = createServer({ allowHalfOpen: true }, (outside) => {
    const inside = connect({ ...to, allowHalfOpen: true });
    outside.pipe(inside).pipe(outside);
    outside.on('error', () => inside.destroy()).on('close', () => inside.destroy());
    inside.on('error', () => outside.destroy()).on('close', () => outside.destroy());
  });
  server.listen(from, () => process.stdout.write(`listening ${pair}\n`));
}
