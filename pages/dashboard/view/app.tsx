// The whole page.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Feed } from '../feed/feed';
import type { NodeSeen } from '../network/node-seen';
import { judge } from '../network/verdict';
import type { Verdict } from '../network/verdict';
import { ContactLine, Source } from './contact-line';
import { Inspector } from './inspector';
import { NetworkMap } from './map';
import { Summary } from './summary';
import { NodeTable } from './table';
import { TransitionList } from './transition-list';
import { happened } from './words';

const RECENT_MS = 4000;
const TABLE_HASH = '#table';

type Shown = Omit<Verdict, 'level'> & { readonly level: Verdict['level'] | 'stale' };

interface AppProps {
  readonly feed: Feed;
  readonly nowMs: number;
  readonly sinceMs: number;
}

export function App({ feed, nowMs, sinceMs }: AppProps): JSX.Element {
  const nodes = feed.network.all();
  const [chosen, choose] = useState<string | null>(null);
  const isTable = useHash() === TABLE_HASH;
  const verdict = verdictOf(feed);
  const inspected = nodes.find(({ place }) => place === chosen) ?? feed.network.self();
  useEffect(() => {
    feed.selected = inspected?.place ?? null;
  }, [inspected?.place]);
  useTitle(nodes.length === 0 ? null : verdict);
  const select = (place: string): void => choose(place);
  return (
    <div class="dashboard" data-stale={feed.contact.kind === 'silent'} data-view={isTable ? 'table' : 'map'}>
      <Head feed={feed} verdict={nodes.length === 0 ? null : verdict} isTable={isTable} />
      <ContactLine feed={feed} nowMs={nowMs} />
      <Announcer feed={feed} />
      {inspected === undefined ? (
        <Opening feed={feed} />
      ) : (
        <main>
          <Summary network={feed.network} />
          <section class="network" aria-label="Nodes">
            {isTable ? (
              <NodeTable nodes={nodes} selected={inspected.place} select={select} />
            ) : (
              <NetworkView feed={feed} nodes={nodes} inspected={inspected} select={select} nowMs={nowMs} />
            )}
          </section>
          <Inspector
            node={inspected}
            isAlone={nodes.length === 1}
            page={pageOf(feed, inspected)}
            teller={feed.network.self()?.name ?? ''}
          />
          <TransitionList transitions={feed.network.transitions.all()} nowMs={nowMs} sinceMs={sinceMs} />
        </main>
      )}
    </div>
  );
}

function Head({
  feed,
  verdict,
  isTable,
}: {
  feed: Feed;
  verdict: Shown | null;
  isTable: boolean;
}): JSX.Element {
  return (
    <header class="head">
      <h1>
        <a href="./">REPRAM</a>{' '}
        <span>
          {feed.network.self()?.self?.cluster === 'repram' ? 'network' : feed.network.self()?.self?.cluster}
        </span>
      </h1>
      {verdict !== null && (
        <div class="verdict" data-level={verdict.level}>
          <p class="headline">{verdict.headline}</p>
          {verdict.remarks.length > 0 && (
            <ul>
              {verdict.remarks.map(({ level, text }) => (
                <li data-level={level} key={text}>
                  {text}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
      <div class="head-end">
        <Source feed={feed} />
        <nav aria-label="View">
          <a href="#map" aria-current={isTable ? undefined : 'true'}>
            Map
          </a>
          <a href={TABLE_HASH} aria-current={isTable ? 'true' : undefined}>
            Table
          </a>
        </nav>
      </div>
    </header>
  );
}

interface NetworkViewProps {
  readonly feed: Feed;
  readonly nodes: readonly NodeSeen[];
  readonly inspected: NodeSeen;
  readonly select: (place: string) => void;
  readonly nowMs: number;
}

function NetworkView({ feed, nodes, inspected, select, nowMs }: NetworkViewProps): JSX.Element {
  const recent = feed.network.transitions.all().filter(({ atMs }) => nowMs - atMs < RECENT_MS);
  return (
    <NetworkMap
      nodes={nodes}
      selected={inspected.place}
      recent={new Set(recent.map(({ place }) => place))}
      select={select}
    />
  );
}

function Opening({ feed }: { feed: Feed }): JSX.Element {
  return (
    <main class="opening">
      <p>{feed.contact.kind === 'silent' ? 'No node answers.' : 'Asking the node how the network is…'}</p>
    </main>
  );
}

/** While no node answers it is one of the past. */
function verdictOf({ network, opinions, contact }: Feed): Shown {
  const nodes = network.all();
  const verdict = judge(nodes, opinions.differences(nodes));
  if (contact.kind !== 'silent') return verdict;
  return { level: 'stale', headline: `Last known: ${verdict.headline}`, remarks: verdict.remarks };
}

/** Says what happened to whoever does not see it. */
function Announcer({ feed }: { feed: Feed }): JSX.Element {
  const [last] = feed.network.transitions.all();
  return (
    <p class="unseen" aria-live="polite">
      {last === undefined ? '' : `${last.name}, port ${last.port}, ${happened(last)}.`}
    </p>
  );
}

function pageOf(feed: Feed, node: NodeSeen): string | null {
  return node.host === feed.network.self()?.host ? feed.way.pageOf(node.port) : null;
}

function useHash(): string {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const read = (): void => setHash(location.hash);
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  return hash;
}

function useTitle(verdict: Shown | null): void {
  const title = verdict === null ? 'REPRAM' : `${verdict.headline} · REPRAM`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
