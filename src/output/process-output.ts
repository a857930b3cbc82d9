// Standard output and standard error of this process, each as one sink. What Node.js would write by
// itself (warnings, the last words of a crash) goes there too. Its own streams end the process when
// their reader is gone.
import { LineSink, toDescriptor } from './line-sink';
import { withoutWaiting } from './without-waiting';

export class ProcessOutput {
  readonly lines = new LineSink({ write: toDescriptor(withoutWaiting(1)) });
  readonly errors = new LineSink({ write: toDescriptor(withoutWaiting(2)) });

  /** To be called once for a process. @param end ends it with a code, after a crash */
  takeOver(end: (code: number) => void): void {
    process.removeAllListeners('warning');
    process.on('warning', (warning) => {
      this.errors.write(`${warning.name}: ${warning.message}\n`);
    });
    process.on('uncaughtException', (error) => {
      this.errors.write(crashText(error));
      end(1);
    });
    process.on('exit', () => {
      this.lines.flush();
      this.errors.flush();
    });
  }
}

/** Anything can be thrown. */
export function crashText(thrown: unknown): string {
  return `${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`;
}
