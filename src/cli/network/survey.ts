// Asks many places at a time what they are: for whoever looks at all nodes rather than at any.
import { ask, type Answer, type AskOptions } from './ask';
import { factsOf, peersOf, statusOf, textOf, type PeerFacts, type StatusFacts } from './facts';

export interface Surveyed {
  readonly url: string;
  /** To GET /status. */
  readonly answer: Answer;
  /** Null where no node answers. */
  readonly status: StatusFacts | null;
  readonly peers: readonly PeerFacts[];
  /** Milliseconds by which the clock there is ahead of the one here; null when it does not tell. */
  readonly clockAheadMs: number | null;
}

export interface SurveyedNode extends Surveyed {
  readonly status: StatusFacts;
}

/** One entry for each of `urls`, in their order. */
export function survey(urls: readonly string[], options: AskOptions): Promise<Surveyed[]> {
  return Promise.all(urls.map((url) => surveyOne(url, options)));
}

export function isNode(surveyed: Surveyed): surveyed is SurveyedNode {
  return surveyed.status !== null;
}

/** Each node once, however many addresses lead to it. */
export function distinctNodes(all: readonly Surveyed[]): SurveyedNode[] {
  const nodes = all.filter(isNode);
  return nodes.filter(({ status: { id } }, index) => {
    return nodes.findIndex((other) => other.status.id === id) === index;
  });
}

async function surveyOne(url: string, options: AskOptions): Promise<Surveyed> {
  const answer = await ask(`${url}/status`, options);
  const status = answer.kind === 'answer' && answer.status === 200 ? statusOf(answer.body) : null;
  if (status === null) return { url, answer, status, peers: [], clockAheadMs: null };
  const askedMs = Date.now();
  const told = await ask(`${url}/peers`, options);
  const body = told.kind === 'answer' ? told.body : null;
  return { url, answer, status, peers: peersOf(body), clockAheadMs: aheadOf(body, askedMs, Date.now()) };
}

/** As if the answer were written in the middle of the wait for it. */
function aheadOf(body: unknown, askedMs: number, heardMs: number): number | null {
  const there = Date.parse(textOf(factsOf(body).last_updated));
  return Number.isNaN(there) ? null : Math.round(there - (askedMs + heardMs) / 2);
}
