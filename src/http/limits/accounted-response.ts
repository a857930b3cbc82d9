// The answers of one node's HTTP server. Each says when its client does not take it, and when it
// has to wait for the one before it on the same connection. All routes pass here. An answer that is
// taken at once costs two comparisons.
import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface ResponseAccounts {
  /** Something is left that the client has not taken. */
  note(response: ServerResponse): void;
  /** A request came before the one ahead of it was answered; it is over when `assigned`. */
  queued(socket: Socket): void;
  assigned(socket: Socket): void;
}

/** Node.js keeps the answer that may write now at its socket. */
interface AnsweringSocket extends Socket {
  readonly _httpMessage?: ServerResponse | null;
}

export function accountedResponse(accounts: ResponseAccounts): typeof ServerResponse {
  return class AccountedResponse extends ServerResponse {
    private waitsInLine = false;

    constructor(...given: ConstructorParameters<typeof ServerResponse>) {
      super(...given);
      const { socket } = this.req;
      if (!(socket as AnsweringSocket)._httpMessage) return;
      this.waitsInLine = true;
      accounts.queued(socket);
    }

    override assignSocket(socket: Socket): void {
      if (this.waitsInLine) {
        this.waitsInLine = false;
        accounts.assigned(socket);
      }
      super.assignSocket(socket);
    }

    override write(...given: unknown[]): boolean {
      const isTaken = super.write(...(given as Parameters<ServerResponse['write']>));
      if (!isTaken) accounts.note(this);
      return isTaken;
    }

    override end(...given: unknown[]): this {
      super.end(...(given as Parameters<ServerResponse['end']>));
      if (this.socket === null || this.socket.writableLength > 0) accounts.note(this);
      return this;
    }
  } as unknown as typeof ServerResponse;
}
