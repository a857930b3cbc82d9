// What a command prints may not arrive: a full disk, a reader that has gone. That is no reason for
// a stack trace.

/** The exit code of a command that could not say what it had to. */
const UNSAID = 2;

/** To be called once, before anything is printed. */
export function tellWhenOutputBreaks(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: Error) => {
      process.exitCode = UNSAID;
      if (stream === process.stdout) process.stderr.write(`standard output: ${error.message}\n`);
    });
  }
}
