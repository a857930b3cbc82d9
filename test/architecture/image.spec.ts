// The image: what is written down for it agrees with the software, and one file serves every
// processor.
import { parse } from 'yaml';
import { KNOWN_VARIABLES } from '../../src/config/variables';
import { execForm, stagesOf, textsOf } from './dockerfile';
import { pathsBelow, readProjectFile } from './project-files';

interface LockedPackage {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: unknown;
  readonly cpu?: unknown;
}

interface Compose {
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const stages = stagesOf(readProjectFile('Dockerfile.flux-sim').text);
const final = stages[stages.length - 1];

function defaultOf(variable: string): number {
  return Number(KNOWN_VARIABLES.find(({ name }) => name === variable)?.default);
}

const lastPort = defaultOf('BASE_PORT') + defaultOf('MAX_PORTS') - 1;

describe('Dockerfile.flux-sim', () => {
  it('starts the launcher below a process 1 that reaps and passes signals on, as an ordinary user', () => {
    expect(textsOf(final, 'ENTRYPOINT').map(execForm)).toEqual([
      ['sh', 'init.sh', 'node', 'dist/launcher.js'],
    ]);
    expect(textsOf(final, 'USER')).toEqual(['node']);
    expect(textsOf(final, 'STOPSIGNAL')).toEqual(['SIGTERM']);
    expect(textsOf(final, 'ENV')).toEqual(['NODE_ENV=production']);
  });

  it('asks /health without a shell or another program', () => {
    expect(execForm(textsOf(final, 'HEALTHCHECK')[0])).toEqual(['node', 'dist/health-check.js']);
  });

  it('exposes the default range', () => {
    expect(textsOf(final, 'EXPOSE')).toEqual([`${defaultOf('BASE_PORT')}-${lastPort}`]);
  });

  it('runs nothing for the target processor, and ships no package that is made for one', () => {
    expect(textsOf(final, 'RUN')).toEqual([]);
    for (const stage of stages.slice(0, -1)) expect(stage.base).toContain('--platform=$BUILDPLATFORM ');
    const { packages } = JSON.parse(readProjectFile('package-lock.json').text) as {
      readonly packages: Readonly<Record<string, LockedPackage>>;
    };
    const shipped = Object.entries(packages).filter(([, { dev }]) => dev !== true);
    expect(shipped.filter(([, { os, cpu }]) => os !== undefined || cpu !== undefined)).toEqual([]);
  });

  it('uses one release of the official slim image, fixed by digest', () => {
    const bases = stages.map(({ base }) => base.replace(/^--platform=\S+ /, '').replace(/ AS .*/, ''));
    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).toMatch(/^node:24-bookworm-slim@sha256:[0-9a-f]{64}$/);
    expect(textsOf(final, 'LABEL').join()).toContain(
      'image.base.name="docker.io/library/node:24-bookworm-slim"',
    );
  });

  it('copies into the image only what runs', () => {
    const copied = textsOf(final, 'COPY').map((text) =>
      text
        .replace(/^--from=\S+ /, '')
        .split(' ')
        .slice(0, -1),
    );
    expect(copied.flat()).toEqual(['package.json', 'LICENSE*', '/app/dist', 'scripts/init.sh']);
  });
});

describe('.dockerignore', () => {
  const [first, ...rest] = readProjectFile('.dockerignore')
    .text.split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

  it('keeps out everything that it does not name', () => {
    expect(first).toBe('*');
    expect(rest.filter((line) => line.startsWith('!') && /node_modules|dist|\.git|\.env/.test(line))).toEqual(
      [],
    );
  });

  it('names only what exists', () => {
    const named = rest
      .filter((line) => line.startsWith('!') && line !== '!LICENSE*')
      .map((line) => line.slice(1));
    const prefixes = named.map((name) => name.split('*')[0]);
    const paths = pathsBelow('');
    expect(prefixes.filter((prefix) => !paths.some((path) => path.startsWith(prefix)))).toEqual([]);
  });
});

describe('docker-compose.yml', () => {
  const { services } = parse(readProjectFile('docker-compose.yml').text) as Compose;
  const service = services['flux-sim'];

  it('runs one container with the variables of the plan', () => {
    const always = Object.entries(services).filter(([, { profiles }]) => profiles === undefined);
    expect(always.map(([name]) => name)).toEqual(['flux-sim']);
    const names = Object.keys(service.environment as object);
    expect(names).toEqual(['DISCOVERY_DOMAIN', 'BASE_PORT', 'MAX_PORTS', 'NODE_COUNT', 'REPLICATION_FACTOR']);
    expect(names.filter((name) => !KNOWN_VARIABLES.some((known) => known.name === name))).toEqual([]);
    expect(service.ports).toEqual([`\${FLUX_SIM_PORTS:-8081-${lastPort}}:8081-${lastPort}`]);
  });

  it('takes every right away that the nodes do not need', () => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });
});
