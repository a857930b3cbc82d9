// The one message that a link or a look-up asked for, and the form that looks up.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { NodeList } from '../node-api/node-list';
import { printable } from '../words/printable';
import type { Opened } from './address';
import type { Ageing } from './ageing';
import type { Board } from './board';
import { PREFIX } from './message';
import { Byline, useAge } from './message-row';
import { MessageText } from './message-text';
import { find, type Found } from './opening';

const TITLES = { message: 'One message', private: 'A private message', broken: 'A link to a message' };

export interface OpenedProperties {
  readonly opened: Opened;
  readonly board: Board;
  readonly nodes: NodeList;
  readonly ageing: Ageing;
  readonly onClose: () => void;
  /** Somebody wants to see it among the others. */
  readonly onGoTo: (key: string) => void;
}

export function OpenedView(properties: OpenedProperties): JSX.Element | null {
  const { opened, board, nodes, ageing, onClose, onGoTo } = properties;
  const found = useSignal<Found | null>(null);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    found.value = null;
    if (opened.kind === 'nothing') return undefined;
    title.current?.focus();
    const looking = { isWanted: true };
    void find(opened, nodes).then((result) => {
      if (looking.isWanted) found.value = result;
    });
    return () => {
      looking.isWanted = false;
    };
  }, [opened, nodes, found]);
  if (opened.kind === 'nothing') return null;
  return (
    <section class={`opened is-${opened.kind}`} id="opened" aria-labelledby="opened-title">
      <div class="opened-head">
        <h2 id="opened-title" tabIndex={-1} ref={title}>
          {TITLES[opened.kind]}
        </h2>
        <button type="button" class="quiet" onClick={onClose}>
          Close
        </button>
      </div>
      {opened.kind === 'message' && <bdi class="key">{printable(opened.key)}</bdi>}
      <Contents found={found.value} ageing={ageing} onOver={() => (found.value = OVER)} />
      {opened.kind === 'message' && (
        <AmongOthers board={board} messageKey={opened.key} onGoTo={() => onGoTo(opened.key)} />
      )}
    </section>
  );
}

interface AmongProperties {
  readonly board: Board;
  readonly messageKey: string;
  readonly onGoTo: () => void;
}

/** The way to a message that is on the board. */
function AmongOthers({ board, messageKey, onGoTo }: AmongProperties): JSX.Element | null {
  const isThere = board.rows.value.some(({ message, isOver }) => message.key === messageKey && !isOver.value);
  if (!isThere) return null;
  return (
    <button type="button" class="quiet" onClick={onGoTo}>
      Show it on the board
    </button>
  );
}

const OVER: Found = { kind: 'problem', words: 'Its time is up. It is gone.' };

interface ContentsProperties {
  readonly found: Found | null;
  readonly ageing: Ageing;
  readonly onOver: () => void;
}

function Contents({ found, ageing, onOver }: ContentsProperties): JSX.Element {
  if (found === null) return <p role="status">Looking…</p>;
  if (found.kind === 'problem') return <p role="status">{found.words}</p>;
  return <Readable found={found} ageing={ageing} onOver={onOver} />;
}

interface ReadableProperties {
  readonly found: Extract<Found, { kind: 'message' }>;
  readonly ageing: Ageing;
  readonly onOver: () => void;
}

function Readable({ found, ageing, onOver }: ReadableProperties): JSX.Element {
  const item = useRef<HTMLDivElement>(null);
  const left = useAge(found, ageing, item);
  const isUnfolded = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(
      onOver,
      Math.min(2 ** 31 - 1, Math.max(0, found.deadlineMs - performance.now())),
    );
    return () => clearTimeout(timer);
  }, [found]);
  return (
    <div class="opened-body" ref={item}>
      <MessageText text={found.message.content.text} isUnfolded={isUnfolded} />
      <div class="head">
        <Byline message={found.message} />
        <p class="left">{left}</p>
      </div>
      <span class="rule" aria-hidden="true" />
    </div>
  );
}

export function LookUp({ onWanted }: { readonly onWanted: (key: string) => void }): JSX.Element {
  const key = useSignal('');
  const submit = (event: Event): void => {
    event.preventDefault();
    const wanted = key.value.trim();
    if (wanted !== '') onWanted(wanted);
  };
  return (
    <section class="panel" aria-labelledby="look-up-title">
      <h2 id="look-up-title">Look up a key</h2>
      <form class="look-up" onSubmit={submit}>
        <label for="key" class="unseen">
          Key
        </label>
        <input
          id="key"
          type="text"
          spellcheck={false}
          autoComplete="off"
          autoCapitalize="off"
          placeholder={`${PREFIX}…`}
          value={key}
          onInput={(event) => {
            key.value = event.currentTarget.value;
          }}
        />
        <button type="submit" class="button">
          Look up
        </button>
      </form>
    </section>
  );
}
