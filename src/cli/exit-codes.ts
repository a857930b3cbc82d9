// What a command ends with, for scripts. docs/cli.md lists the same codes. A test holds the two
// together.

export const EXIT_CODES = {
  done: 0,
  failed: 1,
  usage: 2,
  absent: 3,
  'no-node': 4,
  unconfirmed: 5,
  'hung-up': 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type Ending = keyof typeof EXIT_CODES;
