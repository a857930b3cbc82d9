// A node of its own, for whoever has none: one process on loopback. It finds the other nodes of
// this machine as every node does, and ends with the process that started it, however that ends.
import { fork, type ChildProcess } from 'node:child_process';

/** Until it has claimed a port and is in step with the nodes that it found. */
const READY_MS = 30_000;
/** A node that is told to leave has six seconds for it. */
const LEAVE_MS = 8000;

export type Environment = Readonly<Record<string, string | undefined>>;

/** As a node tells it to the process that started it. */
interface NodeMessage {
  readonly kind: string;
  readonly port?: number;
  readonly state?: string;
}

export class EmbeddedNode {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    /** Resolves when the process has ended, for whatever reason. */
    readonly ended: Promise<void>,
  ) {}

  /** @param script the file of the program of a node */
  static async start(script: string, environment: Environment, stop: AbortSignal): Promise<EmbeddedNode> {
    const child = fork(script, [], {
      // Its log goes nowhere: standard output is the protocol's.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        REPRAM_BIND_ADDRESS: '127.0.0.1',
        REPRAM_LOG_LEVEL: 'error',
        ...environment,
        NODE_COUNT: '1',
      },
    });
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    try {
      return new EmbeddedNode(child, await ready(child, ended, stop), ended);
    } catch (error) {
      child.kill('SIGKILL');
      await ended;
      throw error;
    }
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Hands its values on to other nodes, if there are any, and ends. */
  async stop(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    const late = setTimeout(() => this.child.kill('SIGKILL'), LEAVE_MS);
    await this.ended;
    clearTimeout(late);
  }
}

/** Resolves with its port. */
function ready(child: ChildProcess, ended: Promise<void>, stop: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    let port = 0;
    const late = setTimeout(() => reject(new Error('The embedded node was not ready in time.')), READY_MS);
    const settle = (finish: () => void): void => {
      clearTimeout(late);
      stop.removeEventListener('abort', abort);
      child.off('message', hear);
      finish();
    };
    const abort = (): void => settle(() => reject(new Error('The command was ended.')));
    const hear = (message: unknown): void => {
      const { kind, port: claimed = 0, state } = message as NodeMessage;
      if (kind === 'claimed') port = claimed;
      if (kind === 'state' && state === 'ready' && port !== 0) settle(() => resolve(port));
    };
    child.on('message', hear);
    void ended.then(() => settle(() => reject(new Error('The embedded node ended before it was ready.'))));
    if (stop.aborted) abort();
    else stop.addEventListener('abort', abort, { once: true });
  });
}
