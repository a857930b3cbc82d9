// What the data routes are compared with: Fastify alone, of the version the nodes use, one process,
// no replication. It answers GET with the headers a node sends and the bytes from a Map, PUT by
// keeping the body in that Map.
import fastify from 'fastify';

/** As JSON on the command line. */
export interface BareOrder {
  readonly port: number;
  readonly getHeaders: Readonly<Record<string, string>>;
  readonly putHeaders: Readonly<Record<string, string>>;
}

async function main(): Promise<void> {
  const { port, getHeaders, putHeaders } = JSON.parse(process.argv[2] ?? '') as BareOrder;
  const values = new Map<string, Buffer>();
  const app = fastify({ bodyLimit: 16 * 1024 * 1024 });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.get<{ Params: { '*': string } }>('/data/*', (request, reply) => {
    const value = values.get(request.params['*']);
    if (value === undefined) reply.code(404).send();
    else reply.headers(getHeaders).send(value);
  });
  app.put<{ Params: { '*': string }; Body: Buffer }>('/data/*', (request, reply) => {
    values.set(request.params['*'], request.body);
    reply.code(201).headers(putHeaders).send('OK');
  });
  await app.listen({ port, host: '127.0.0.1' });
  process.stdout.write('listening\n');
}

main().catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exit(1);
});
