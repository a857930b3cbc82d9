// Certificates for servers of tests, made by openssl: an authority, and what it has signed. They
// last a day.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0;

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export interface ServerCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

export class Authority {
  private readonly folder = mkdtempSync(join(tmpdir(), 'repram-tls-'));
  /** What clients hold servers against. */
  readonly caFile = join(this.folder, 'ca.pem');
  private readonly caKeyFile = join(this.folder, 'ca.key');
  private made = 0;

  constructor() {
    const name = ['-subj', '/CN=authority of this test', '-addext', 'basicConstraints=critical,CA:true'];
    openssl('req', '-x509', ...KEY, '-days', '1', ...name, '-keyout', this.caKeyFile, '-out', this.caFile);
  }

  /** @param names as in a certificate: IP:127.0.0.1, DNS:store.example */
  sign(names: string): ServerCertificate {
    this.made += 1;
    const [keyFile, requestFile, certFile, extensionFile] = ['key', 'csr', 'pem', 'ext'].map((kind) =>
      join(this.folder, `server-${this.made}.${kind}`),
    );
    writeFileSync(extensionFile, `subjectAltName=${names}\n`);
    openssl('req', '-new', ...KEY, '-subj', '/CN=server', '-keyout', keyFile, '-out', requestFile);
    const signer = ['-CA', this.caFile, '-CAkey', this.caKeyFile, '-CAcreateserial'];
    const files = ['-in', requestFile, '-out', certFile, '-extfile', extensionFile];
    openssl('x509', '-req', ...signer, '-days', '1', ...files);
    return { certFile, keyFile };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** How a server speaks TLS on a port beside its plain one. */
export function tlsOptions(
  port: number,
  { caFile }: Authority,
  { certFile, keyFile }: ServerCertificate,
): string[] {
  return [
    ...['--tls-port', String(port), '--tls-auth-clients', 'no', '--tls-ca-cert-file', caFile],
    ...['--tls-cert-file', certFile, '--tls-key-file', keyFile],
  ];
}

function openssl(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
}
