// Leads Unix sockets to ports on 127.0.0.1: Unix sockets cross network namespaces, TCP does not.
// Run inside a namespace with the beginning of a path and ports; the socket of port 8081 has 8081
// at its end.
const { connect, createServer } = require('node:net');

const [prefix, ...ports] = process.argv.slice(2);

for (const port of ports) {
  const server = createServer({ allowHalfOpen: true }, (outside) => {
    const inside = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
    outside.pipe(inside).pipe(outside);
    outside.on('error', () => inside.destroy()).on('close', () => inside.destroy());
    inside.on('error', () => outside.destroy()).on('close', () => outside.destroy());
  });
  server.listen(prefix + port);
}
