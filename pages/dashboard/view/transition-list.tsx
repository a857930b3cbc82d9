// What happened, newest first.
import type { JSX } from 'preact';
import type { Transition } from '../network/transitions';
import { span } from './format';
import { happened, toneOf } from './words';

const SHOWN_MAX = 30;
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

interface TransitionListProps {
  readonly transitions: readonly Transition[];
  readonly nowMs: number;
  readonly sinceMs: number;
}

export function TransitionList({ transitions, nowMs, sinceMs }: TransitionListProps): JSX.Element {
  return (
    <section class="happened" aria-labelledby="happened">
      <h2 id="happened">Changes</h2>
      {transitions.length === 0 ? (
        <p class="quiet">None since this page was opened at {CLOCK.format(sinceMs)}.</p>
      ) : (
        <ol>
          {transitions.slice(0, SHOWN_MAX).map((each) => (
            <Line key={each.number} transition={each} nowMs={nowMs} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Line({ transition, nowMs }: { transition: Transition; nowMs: number }): JSX.Element {
  const { atMs, name, address, port, reason } = transition;
  const where = address === '' || address.startsWith('127.') ? '' : address;
  return (
    <li data-tone={toneOf(transition)}>
      <time dateTime={new Date(atMs).toISOString()} title={`${span(nowMs - atMs)} ago`}>
        {CLOCK.format(atMs)}
      </time>
      <span>
        <b>
          <bdi>{name}</bdi>
        </b>
        <span class="quiet">
          {' '}
          {where}:{port}
        </span>{' '}
        {happened(transition)}
        {reason !== null && <span class="quiet"> ({reason.replaceAll('-', ' ')})</span>}
      </span>
    </li>
  );
}
