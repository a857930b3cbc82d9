import { EventEmitter, getEventListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { EventStream } from './event-stream';

/** Of a client that takes nothing until `take`. */
class Response extends EventEmitter {
  writableLength = 0;
  private waiting: (() => void)[] = [];

  write(bytes: string, taken: () => void = () => undefined): boolean {
    this.writableLength += bytes.length;
    this.waiting.push(taken);
    return true;
  }

  take(): void {
    this.writableLength = 0;
    for (const taken of this.waiting.splice(0)) taken();
  }
}

describe('a stream of events', () => {
  const response = new Response();
  const slow = jest.fn();
  const stream = new EventStream(response as unknown as ServerResponse, 4000, slow);
  const listeners = (): number => getEventListeners(stream.gone, 'abort').length;

  it('waits for its reader once much waits to be read, and listens once for its end', async () => {
    for (let event = 0; event < 99; event += 1) await stream.sendAndWait('x'.repeat(10));
    expect(listeners()).toBe(0);
    let isSent = false;
    const sent = stream.sendAndWait('x'.repeat(10)).then(() => (isSent = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect({ isSent, listeners: listeners() }).toEqual({ isSent: false, listeners: 1 });
    response.take();
    await sent;
    expect(listeners()).toBe(0);
    expect(slow).not.toHaveBeenCalled();
  });
});
