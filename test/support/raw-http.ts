// Speaks to a port byte by byte, for request lines that no HTTP client would send.
import { connect } from 'node:net';

/** Everything the peer answered until it closed, or fell silent for `quietMs` after its last byte. */
export function exchange(port: number, bytes: string | Buffer, quietMs = 150): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const finish = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      socket.setTimeout(quietMs, finish);
    });
    socket.setTimeout(2000, finish);
    socket.on('error', finish).on('close', finish);
  });
}

/** The status of the first answer in `text`; 0 when there is none. */
export function statusOf(text: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
}
