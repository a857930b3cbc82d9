// TLS between hosts, over a socket whose HTTP upgrade asked for it: pre-shared key and ephemeral
// Diffie-Hellman (RFC 4279, RFC 5489, RFC 7905). So both ends prove the key, and there are no
// certificates. A recording is worth nothing to somebody who learns the key later. One version, one
// suite, no tickets, no renegotiation: nothing can be negotiated down. The dialer's proof comes
// first. Why this and nothing else: docs/adr/0032-links-between-hosts-are-encrypted.md.
import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import { connect, createSecureContext, TLSSocket } from 'node:tls';

/** Token of the upgrade that begins TLS. */
export const CHANNEL_TOKEN = 'repram-tls';

const SUITE = 'ECDHE-PSK-CHACHA20-POLY1305';
const VERSION = 'TLSv1.2';
/** RFC 4279 wants a name for the key; there is one key. */
const PSK_IDENTITY = 'repram';
const EXPORT_LABEL = 'EXPORTER-repram-greeting';
const EXPORT_BYTES = 32;

export class SecureChannel {
  private readonly context = createSecureContext({
    ciphers: SUITE,
    minVersion: VERSION,
    maxVersion: VERSION,
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
  });

  constructor(private readonly key: Buffer) {}

  /** The listener's end; `head` is what came with the upgrade. `secure` or `error` follows. */
  accept(socket: Socket, head: Buffer): TLSSocket {
    if (head.length > 0) socket.unshift(head);
    return new TLSSocket(socket, {
      isServer: true,
      secureContext: this.context,
      pskCallback: (_socket: TLSSocket, identity: string) => (identity === PSK_IDENTITY ? this.key : null),
    } as ConstructorParameters<typeof TLSSocket>[1]);
  }

  /** The dialer's end. `secureConnect` or `error` follows. */
  dial(socket: Socket): TLSSocket {
    return connect({
      socket,
      secureContext: this.context,
      pskCallback: () => ({ psk: this.key, identity: PSK_IDENTITY }),
      // There is no certificate to compare a name with: knowing the key is the identity.
      checkServerIdentity: () => undefined,
    });
  }
}

/**
 * Equal at both ends of one channel and nowhere else (RFC 5705; with the extended master secret of
 * RFC 7627).
 */
export function channelMaterial(socket: TLSSocket): Buffer {
  return socket.exportKeyingMaterial(EXPORT_BYTES, EXPORT_LABEL, Buffer.alloc(0));
}

/**
 * Whether an error of a channel says that the two keys differ, and not that the connection broke.
 */
export function tellsOtherKey(error: Error): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return /BAD_RECORD_MAC|DECRYPT|UNKNOWN_PSK_IDENTITY/.test(code);
}
