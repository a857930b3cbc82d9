// The signals a process of ours obeys, heard from its first line on. As process 1 of a container
// there are no default handlers, and a signal without a handler is lost. What comes before `obey`
// waits for it.
import { isatty } from 'node:tty';

const OBEYED = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/**
 * By default Node.js opens its inspector on the first. Anybody who reaches that can do anything.
 * The second ends a process, and with it all that it holds. Other programs turn their logs over
 * at it.
 */
const IGNORED = ['SIGUSR1', 'SIGUSR2'] as const;
export type ObeyedSignal = (typeof OBEYED)[number];

/** To be created once for a process, before anything else is loaded. */
export class Signals {
  private readonly early: ObeyedSignal[] = [];
  private listener = (signal: ObeyedSignal): void => void this.early.push(signal);

  constructor() {
    for (const signal of OBEYED) {
      if (signal === 'SIGHUP' && !hasTerminal()) process.on(signal, ignore);
      else process.on(signal, () => this.listener(signal));
    }
    for (const signal of IGNORED) process.on(signal, ignore);
  }

  obey(listener: (signal: ObeyedSignal) => void): void {
    this.listener = listener;
    for (const signal of this.early.splice(0)) listener(signal);
  }
}

/**
 * SIGHUP says that the terminal is gone, which concerns only a process that has one. nohup(1) takes
 * it away from all three descriptors. That the signal was ignored before the start cannot be told:
 * Node.js resets it before any line of ours.
 */
function hasTerminal(): boolean {
  return [0, 1, 2].some(isatty);
}

function ignore(): void {
  // Heard, so that nothing else happens.
}
