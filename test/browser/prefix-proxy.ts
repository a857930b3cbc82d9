// A proxy that serves a node below a path, as a shared web server would.
import { createServer, request } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface PrefixProxy {
  /** Of the node's page, with a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** @param prefix `/x/` */
export async function startPrefixProxy(port: number, prefix: string): Promise<PrefixProxy> {
  const server = createServer((asked, answer) => {
    const { url = '', method, headers } = asked;
    if (!url.startsWith(prefix)) {
      answer.writeHead(404).end();
      return;
    }
    const path = `/${url.slice(prefix.length)}`;
    const passed = request({ host: '127.0.0.1', port, path, method, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      answer.flushHeaders();
      given.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
