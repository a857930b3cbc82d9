// Cases that take something of the machine: where it is not to be had, the reason is printed and
// they are left out.

/** `problem` is why there is no such thing here, null when there is. */
export function possibleWith(thing: string, problem: string | null): jest.It {
  if (problem === null) return it;
  process.stdout.write(`Skipped: no ${thing} here (${problem})\n`);
  return it.skip;
}
