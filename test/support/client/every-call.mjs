// Every call of repram/client, in whatever runs this: Node.js, Deno or Bun. Arguments: the client
// as a URL, the address of one of three nodes, and a name for its keys. Prints a line of JSON: what
// was not as it should be.
const [clientUrl, node, name] = globalThis.Deno?.args ?? process.argv.slice(2);
const { Repram } = await import(clientUrl);

const BIG_BYTES = 9_000_000;
const TTL = { ttlSeconds: 600 };
const wrong = [];
const check = (what, isRight) => isRight || wrong.push(what);
const bytes = new Uint8Array(BIG_BYTES).map((_, at) => at * 7);
const bigStream = () => new globalThis.Blob([bytes]).stream();
const isBig = (given, from = 0) => given.every((byte, at) => byte === bytes[from + at]);

async function values(repram) {
  const stored = await repram.put(`${name}/small`, 'hello', { ...TTL, wait: 'all' });
  check('put', stored.held && stored.copies === 3);
  check('get', (await repram.get(`${name}/small`))?.text() === 'hello');
  check('head', (await repram.head(`${name}/small`))?.size === 5);
  check('has', (await repram.has(`${name}/small`)) && !(await repram.has(`${name}/none`)));
  const waiting = repram.get(`${name}/late`, { waitSeconds: 20 });
  await repram.put(`${name}/late`, 'there', TTL);
  check('get that waits', (await waiting)?.text() === 'there');
  const keys = [];
  for await (const key of repram.keys({ prefix: `${name}/` })) keys.push(key);
  check('keys', keys.join() === `${name}/late,${name}/small`);
  check('nodes learned', repram.nodes.length === 3);
}

async function largeValues(repram) {
  let sentBytes = 0;
  const onProgress = (progress) => void (sentBytes = progress.sentBytes);
  await repram.put(`${name}/big`, bigStream, { ...TTL, contentLength: BIG_BYTES, onProgress });
  check('progress', sentBytes === BIG_BYTES);
  const whole = await repram.get(`${name}/big`);
  check('large get', whole?.bytes.length === BIG_BYTES && isBig(whole.bytes));
  await repram.put(`${name}/chunked`, bigStream, TTL);
  const { stream } = await repram.stream(`${name}/chunked`);
  let got = 0;
  for await (const part of stream) {
    check('stream', isBig(part, got));
    got += part.length;
  }
  check('length of the stream', got === BIG_BYTES);
}

async function changes(repram) {
  const stop = new AbortController();
  const options = { prefix: `${name}/seen/`, values: true, since: 'start', signal: stop.signal };
  const told = [];
  try {
    for await (const change of repram.watch(options)) {
      if (change.type === 'caught-up') await repram.put(`${name}/seen/one`, 'one', TTL);
      if (change.type === 'put') told.push(new globalThis.TextDecoder().decode(change.value));
      if (told.length === 1) stop.abort();
    }
  } catch (error) {
    check('end of a watch', error.code === 'aborted');
  }
  check('watch', told.join() === 'one');
}

async function theRest(repram) {
  const secret = new Repram({ nodes: node, encryptionKey: await Repram.generateEncryptionKey() });
  await secret.put(`${name}/secret`, 'secret', TTL);
  check('encryption', (await secret.get(`${name}/secret`))?.text() === 'secret');
  check('what is stored', (await repram.head(`${name}/secret`))?.size === 6 + 29);
  const elsewhere = new Repram({ nodes: `127.0.0.1:1,${node}` });
  check('failover', (await elsewhere.get(`${name}/small`))?.text() === 'hello');
  const refused = await repram.put('k'.repeat(2000), 'v', TTL).catch((error) => error.code);
  check('error of a node', refused === 'key-too-long');
  for (const client of [secret, elsewhere]) client.close();
}

const repram = new Repram({ nodes: node });
for (const part of [values, largeValues, changes, theRest])
  await part(repram).catch((error) => wrong.push(`${part.name}: ${error}`));
repram.close();
console.log(JSON.stringify(wrong));
