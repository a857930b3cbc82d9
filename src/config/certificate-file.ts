// Whether a file can be what servers are held against. Node.js takes whatever is given as "ca" and
// says nothing of it: what is no certificate would be missed with each connection.
import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

const CERTIFICATE = /-----BEGIN (?:X509 )?CERTIFICATE-----[^-]*-----END (?:X509 )?CERTIFICATE-----/g;
/** All authorities of the world are a quarter of a megabyte. */
const BYTES_MAX = 8 * 1024 * 1024;

/** A file that this process may read, with one certificate (PEM) at least, each of them whole. */
export function holdsCertificates(path: string): boolean {
  try {
    const stat = statSync(path);
    if (!stat.isFile() || stat.size > BYTES_MAX) return false;
    const found = readFileSync(path, 'latin1').match(CERTIFICATE) ?? [];
    for (const text of found) new X509Certificate(text);
    return found.length > 0;
  } catch {
    return false;
  }
}
