// From a node process to its launcher. A launcher that is stopped or gone costs nothing here:
// nothing waits, an error ends nobody, and of what it has not taken yet only the newest message of
// each kind and node is kept.
import type { ChildMessage } from './config/child-messages';

/** Hands one message to the system; `done` is called once it took or lost it. */
export type SendMessage = (message: ChildMessage, done: () => void) => void;

export class LauncherChannel {
  private readonly waiting = new Map<string, ChildMessage>();
  private sending = 0;

  constructor(private readonly send: SendMessage = sendToParent) {}

  tell(message: ChildMessage): void {
    this.waiting.set('index' in message ? `${message.kind} ${message.index}` : message.kind, message);
    if (this.sending === 0) this.sendAll();
  }

  private sendAll(): void {
    const messages = [...this.waiting.values()];
    this.waiting.clear();
    this.sending = messages.length;
    for (const message of messages) this.send(message, () => this.sent());
  }

  private sent(): void {
    this.sending -= 1;
    if (this.sending === 0 && this.waiting.size > 0) this.sendAll();
  }
}

/**
 * Without a parent there is nobody to tell. The callback takes the error, which would be thrown
 * otherwise.
 */
function sendToParent(message: ChildMessage, done: () => void): void {
  if (process.send === undefined || !process.connected) setImmediate(done);
  else process.send(message, undefined, undefined, () => done());
}
