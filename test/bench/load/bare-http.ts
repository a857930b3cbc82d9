// What the data routes are compared with: node:http alone, one process, no replication. It answers
// GET with the headers that a node sends and the bytes from a Map, and PUT by keeping the body in
// that Map.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { BareOrder } from './bare-fastify';

const { port, getHeaders, putHeaders } = JSON.parse(process.argv[2] ?? '') as BareOrder;
const values = new Map<string, Buffer>();
const getFields = Object.entries(getHeaders).flat();
const putFields = [...Object.entries(putHeaders).flat(), 'content-length', '2'];

function read(key: string, response: ServerResponse): void {
  const value = values.get(key);
  if (value === undefined) response.writeHead(404).end();
  else response.writeHead(200, [...getFields, 'content-length', String(value.length)]).end(value);
}

function write(key: string, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    values.set(key, Buffer.concat(chunks));
    response.writeHead(201, putFields).end('OK');
  });
}

createServer((request, response) => {
  const [key] = (request.url ?? '').split('?', 1);
  if (request.method === 'PUT') write(key, request, response);
  else read(key, response);
}).listen(port, '127.0.0.1', () => process.stdout.write('listening\n'));
