// Names the scope of loopback: two processes get the same host id exactly when 127.0.0.1 means the
// same network to both. Linux tells it by the boot id of the kernel (boot_id(5) in random(4)) and
// the inode of the network namespace (namespaces(7)). A container with its own network has another
// inode; a `--network host` one has the host's. Where a host is an address of loopback, that
// address tells it apart from the others.
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

const COMMON = '127.0.0.1';

/** 16 hexadecimal digits; null where the kernel does not tell (not Linux, or /proc is hidden). */
export function hostId(loopback = COMMON, procPath = '/proc'): string | null {
  try {
    const boot = readFileSync(`${procPath}/sys/kernel/random/boot_id`, 'utf8').trim();
    const network = readlinkSync(`${procPath}/self/ns/net`);
    return createHash('sha256')
      .update(`${boot} ${network}${loopback === COMMON ? '' : ` ${loopback}`}`)
      .digest('hex')
      .slice(0, 16);
  } catch {
    return null;
  }
}
