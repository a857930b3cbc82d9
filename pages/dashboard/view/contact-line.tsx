// Where the figures come from, and what is the matter when they do not come.
import type { JSX } from 'preact';
import type { Feed } from '../feed/feed';
import { span } from './format';

interface Said {
  readonly tone: 'well' | 'warn' | 'bad';
  readonly text: string;
}

/** Beside the title; always there. */
export function Source({ feed }: { feed: Feed }): JSX.Element {
  const { contact, way } = feed;
  const { name, port } = way.here;
  const how = contact.kind === 'fresh' && contact.isLive ? 'live' : 'each second';
  const isFresh = contact.kind === 'fresh';
  return (
    <p class="source" data-fresh={isFresh}>
      {name === '' ? (
        'Waiting for the first answer'
      ) : (
        <>
          seen from{' '}
          <b>
            <bdi>{name}</bdi>
          </b>{' '}
          :{port}
        </>
      )}
      {isFresh && <span class="source-how"> · {how}</span>}
    </p>
  );
}

/** Below the title; only when there is something to say. */
export function ContactLine({ feed, nowMs }: { feed: Feed; nowMs: number }): JSX.Element {
  const said = sayOf(feed, nowMs);
  return (
    <div class="contact" role="status">
      {said !== null && (
        <p data-tone={said.tone}>
          {said.text} <Detours feed={feed} />
        </p>
      )}
    </div>
  );
}

function sayOf(feed: Feed, nowMs: number): Said | null {
  const { contact, way, left } = feed;
  switch (contact.kind) {
    case 'opening':
    case 'paused':
      return null;
    case 'busy':
      return {
        tone: 'warn',
        text: `${way.here.name} is busy (${contact.status}). What is shown may be old.`,
      };
    case 'silent':
      return { tone: 'bad', text: silence(feed, nowMs - contact.sinceMs) };
    case 'fresh':
      if (!way.isAway || left === null) return null;
      return {
        tone: 'warn',
        text: `${left.name} stopped answering on port ${left.port}. The view goes on from ${way.here.name} on port ${way.here.port}.`,
      };
  }
}

function silence({ lookedAtMs, way }: Feed, lastedMs: number): string {
  const since = lastedMs < 1000 ? '' : ` for ${span(lastedMs)}`;
  if (!navigator.onLine) return 'This browser is offline. What is shown is the last that was known.';
  if (lookedAtMs === null) return `No node answers here${since}. The page keeps trying.`;
  const who = way.siblings.length === 0 ? way.here.name : 'No node of this host';
  return way.siblings.length === 0
    ? `${who} has not answered${since}. What is shown is the last that was known.`
    : `${who} answers${since === '' ? '' : `,${since} now`}. What is shown is the last that was known.`;
}

/** Pages that a person may open instead. */
function Detours({ feed }: { feed: Feed }): JSX.Element | null {
  if (feed.contact.kind !== 'fresh' || feed.left === null) return null;
  const page = feed.way.pageOf(feed.way.here.port);
  return page === null ? null : <a href={page}>Open its own page</a>;
}
