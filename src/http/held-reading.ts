// Reads nothing from a socket for a while. Who asks to go on or to pause meanwhile is heard when it
// is over: the messages of Node.js ask by themselves whenever they run empty. Bytes that came
// while nobody listens would be lost. A paused stream still fetches what fits into its buffer, so
// that is stopped as well.
import type { Socket } from 'node:net';

/** What Node.js itself stops, and leaves out of its types. */
interface Handle {
  reading: boolean;
  readStart(): void;
  readStop(): void;
}

const nothing = (): void => undefined;

/** While it is held, the socket's own `pause`, `resume` and `_read` are this one's. */
class HeldReading {
  private holds = 0;
  private isWanted: boolean;

  constructor(private readonly socket: Socket) {
    this.isWanted = !socket.isPaused();
    socket.pause();
    stopHandle(socket);
    socket.pause = (): Socket => this.want(false);
    socket.resume = (): Socket => this.want(true);
    // With this a stream has its handle read.
    socket._read = nothing;
  }

  hold(): void {
    this.holds += 1;
  }

  letGo(): void {
    this.holds -= 1;
    if (this.holds > 0) return;
    const { socket } = this;
    Reflect.deleteProperty(socket, HELD);
    Reflect.deleteProperty(socket, 'pause');
    Reflect.deleteProperty(socket, 'resume');
    Reflect.deleteProperty(socket, '_read');
    if (socket.destroyed) return;
    if (this.isWanted) {
      socket.resume();
      startHandle(socket);
    } else socket.off('resume', readOn).once('resume', readOn);
  }

  private want(isWanted: boolean): Socket {
    this.isWanted = isWanted;
    return this.socket;
  }
}

const HELD = Symbol('what holds the reading of a socket');
type Holdable = Socket & { [HELD]?: HeldReading | undefined };

/** Until all who hold it have called what they are given here. */
export function holdReading(socket: Holdable): () => void {
  const reading = socket[HELD] ?? new HeldReading(socket);
  socket[HELD] = reading;
  reading.hold();
  return () => reading.letGo();
}

/** For a socket that was let go while it was to pause, and that goes on now. */
function readOn(this: Holdable): void {
  if (this[HELD] === undefined) startHandle(this);
}

/** Where HTTP was taken off a socket, a pause alone has the kernel's bytes come on for a while. */
function stopHandle(socket: Socket): void {
  const { _handle: handle } = socket as Socket & { readonly _handle?: Handle | null };
  if (!handle?.reading) return;
  handle.reading = false;
  handle.readStop();
}

/** A stream that was stopped while it waited for its handle would wait for good. */
function startHandle(socket: Socket): void {
  const { _handle: handle } = socket as Socket & { readonly _handle?: Handle | null };
  if (!handle || handle.reading) return;
  handle.reading = true;
  handle.readStart();
}
