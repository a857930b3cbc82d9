// The description of the API: sound, complete, and served.
// Without an engine: the document is read; openapi-answers.spec.ts holds answers to it.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { controllerRoutes } from '../architecture/controller-routes';
import { difference, normalRoute } from '../architecture/documents';
import { typescriptBelow } from '../architecture/project-files';
import { startFakeNode, type FakeNode } from '../support/fakes/fake-node';
import { DOCUMENT_PATH, generateDocument, ROOT, type Document } from '../support/http/openapi';

interface Described {
  readonly description?: string;
}

interface DescribedOperation extends Described {
  readonly summary?: string;
  readonly parameters?: readonly Described[];
  readonly responses: Readonly<Record<string, Described>>;
}

let document: Document;
let node: FakeNode;
beforeAll(async () => {
  document = generateDocument();
  node = await startFakeNode();
});
afterAll(async () => node.close());

function lint(file: string): { readonly status: number | null; readonly said: string } {
  const script = join(ROOT, 'scripts', 'openapi-lint.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

describe('the document', () => {
  it('is OpenAPI 3.1 and lints without a word', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(lint(DOCUMENT_PATH)).toEqual({ status: 0, said: expect.stringContaining('0 errors, 0 warnings') });
  });

  it('would not lint with what 3.0 allowed, or with an example that breaks its schema', () => {
    const text = readFileSync(DOCUMENT_PATH, 'utf8');
    const broken = join(ROOT, 'dist', `openapi.broken.${process.pid}.json`);
    for (const [sound, wrong] of [
      ['"minimum": 400', '"nullable": true, "minimum": 400'],
      ['"port": 8082', '"port": "8082"'],
      ['"operationId": "getPeers"', '"operationId": "getStatus"'],
    ]) {
      expect(text.includes(sound)).toBe(true);
      writeFileSync(broken, text.replace(sound, wrong));
      const { status } = lint(broken);
      rmSync(broken);
      expect(status).toBe(1);
    }
  });

  it('says of every operation, parameter and answer what it is', () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const { summary, description, parameters = [], responses } = operation as DescribedOperation;
        const texts = [summary, description, ...parameters.map((each) => each.description)];
        texts.push(...Object.values(responses).map((each) => each.description));
        expect([method, path, texts.filter((text) => (text ?? '').trim().length < 5)]).toEqual([
          method,
          path,
          [],
        ]);
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '417', '421', 'default']));
      }
    }
  });

  it('lists exactly the routes that the controllers serve', () => {
    const served = typescriptBelow('src')
      .filter(({ path }) => path.endsWith('.controller.ts'))
      .flatMap(controllerRoutes);
    const listed = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations)
        .filter((method) => method !== 'head')
        .map((method) => normalRoute(method, path)),
    );
    expect(difference(served, listed)).toEqual({ undocumented: [], unknown: [] });
  });

  it('gives each path exactly the methods that the node offers there', async () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      const answer = await fetch(node.url + path.replace(/\{\w+\}/, 'x'), { method: 'OPTIONS' });
      const implied = ['OPTIONS', 'HEAD'];
      const methods = [
        ...new Set([...Object.keys(operations).map((each) => each.toUpperCase()), ...implied]),
      ];
      expect([path, answer.headers.get('allow')]).toEqual([path, methods.sort().join(', ')]);
    }
  });

  it('names this very node as the server, whatever address it was asked under', () => {
    expect(document.servers.map(({ url }) => url)).toEqual(['/']);
  });

  it('is served as it is, and only when it changed', async () => {
    const answer = await fetch(`${node.url}/openapi.json`);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(await answer.json()).toEqual(document);
    const etag = answer.headers.get('etag') ?? '';
    const again = await fetch(`${node.url}/openapi.json`, { headers: { 'If-None-Match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });
});

describe('the page at /docs', () => {
  it('loads its parts from this node and may load from nowhere else', async () => {
    const answer = await fetch(`${node.url}/docs`);
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    const page = await answer.text();
    const parts = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1]);
    expect(parts).toHaveLength(4);
    expect(page).not.toMatch(/<script>|<style|\son\w+=/);
    for (const part of parts) {
      expect(part).toMatch(/^docs\/[\w.-]+$/);
      const loaded = await fetch(`${node.url}/${part}`);
      expect([part, loaded.status]).toEqual([part, 200]);
      expect((await loaded.arrayBuffer()).byteLength).toBeGreaterThan(100);
    }
  });

  it.each([
    'package.json',
    'swagger-ui.css.map',
    '..%2fpackage.json',
    '%2e%2e%2fpackage.json',
    'constructor',
  ])('hands out nothing but those parts: no %s', async (name) => {
    expect((await fetch(`${node.url}/docs/${name}`)).status).toBe(404);
  });
});

it('a node keeps nothing of Swagger in memory', () => {
  const loaded = Object.keys(require.cache).filter((path) => path.includes('swagger'));
  expect(loaded).toEqual([]);
});
