// The answers of one node's HTTP server. Each says when its client does not take it, and when it
// has to wait for the one before it on the same connection. All routes pass here. An answer that is
// taken at once costs two comparisons.
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface ResponseAccounts {
  /** Something is left that the client has not taken. */
  note(response: ServerResponse): void;
  /** Its request came before the one ahead of it was answered; it is over when `assigned`. */
  queued(response: ServerResponse): void;
  assigned(response: ServerResponse): void;
}

/** Node.js keeps the answer that may write now at its socket. */
interface AnsweringSocket extends Socket {
  readonly _httpMessage?: ServerResponse | null;
}

export function accountedResponse(accounts: ResponseAccounts): typeof ServerResponse {
  return class AccountedResponse extends ServerResponse {
    private waitsInLine = false;

    // Parameters by name: rest and spread would cost each answer more than what is looked at here.
    constructor(request: IncomingMessage, options?: object) {
      // @ts-expect-error Node.js passes options that its types leave out
      super(request, options);
      if (!(this.req.socket as AnsweringSocket)._httpMessage) return;
      this.waitsInLine = true;
      accounts.queued(this);
    }

    override assignSocket(socket: Socket): void {
      if (this.waitsInLine) {
        this.waitsInLine = false;
        accounts.assigned(this);
      }
      super.assignSocket(socket);
    }

    override write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
      const isTaken = super.write(chunk, encoding as BufferEncoding, callback as () => void);
      if (!isTaken) accounts.note(this);
      return isTaken;
    }

    override end(chunk?: unknown, encoding?: unknown, callback?: unknown): this {
      super.end(chunk, encoding as BufferEncoding, callback as () => void);
      if (this.socket === null || this.socket.writableLength > 0) accounts.note(this);
      return this;
    }
  } as unknown as typeof ServerResponse;
}
