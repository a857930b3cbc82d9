// The tests of HTTP run twice: with the values in the nodes, and with the values in a server
// (CONTRIBUTING.md). What is about gossip itself runs once, and says why.

/** Where the values of this run are; '' = the nodes hold them. */
export const STORE_URL = process.env.REPRAM_STORE_URL ?? '';

/** Ends the title of each test that a run with a server leaves out; `npm test` counts them. */
const LEFT_OUT = '(on gossip only: ';

/**
 * In place of `it`, for a test that holds on gossip alone. A whole file says so in its first lines.
 */
export function onGossipOnly(why: string): jest.It {
  if (STORE_URL === '') return it;
  const { skip: leaveOut } = it;
  return ((title: string, test: jest.ProvidesCallback) => {
    leaveOut(`${title} ${LEFT_OUT}${why})`, test);
  }) as jest.It;
}
