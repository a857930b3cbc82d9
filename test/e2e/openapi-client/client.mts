// A program as a user would write it, against the types that openapi-typescript makes of the
// document (api.d.mts, made by the test). Prints what it saw as JSON. node client.mjs URL...
import createClient from 'openapi-fetch';
import type { components, paths } from './api.mjs';

const [first = '', second = ''] = process.argv.slice(2);
const [writer, reader] = [first, second].map((baseUrl) => createClient<paths>({ baseUrl }));
const at = { path: { key: 'a client/ключ' } };

const written = await writer.PUT('/data/{key}', {
  params: { ...at, query: { ttl: 600, w: 'all' } },
  body: 'stored by a generated client',
  bodySerializer: (body) => body as string,
  parseAs: 'text',
});
const read = await reader.GET('/data/{key}', { params: at, parseAs: 'text' });
const head = await reader.HEAD('/data/{key}', { params: at });
const listed = await reader.GET('/keys', { params: { query: { prefix: 'a client/' } } });
const keys: string[] = listed.data?.keys ?? [];
const peers = await reader.GET('/peers');
const states: ('alive' | 'suspect' | 'dead' | 'left')[] = peers.data?.peers.map((peer) => peer.state) ?? [];
const absent = await reader.GET('/data/{key}', { params: { path: { key: 'absent' } } });
const problem: components['schemas']['Problem'] | undefined = absent.error;

// @ts-expect-error no such route
await reader.GET('/date/{key}', { params: at });
// @ts-expect-error no such level
await writer.PUT('/data/{key}', { params: { ...at, query: { w: 'some' } } });
// @ts-expect-error no such code
const wrong = problem?.code === 'absent';

console.log(
  JSON.stringify({
    written: [written.response.status, written.data],
    read: [read.response.status, read.data],
    original_ttl: head.response.headers.get('x-original-ttl'),
    keys,
    states,
    code: problem?.code,
    wrong,
  }),
);
