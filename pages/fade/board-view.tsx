// The messages, what there is to say of the connection, and what a screen reader hears of both.
import { useComputed, useSignal, type Signal } from '@preact/signals';
import type { JSX, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { explain } from '../words/explain';
import { counted } from '../words/lifetime';
import type { Ageing } from './ageing';
import type { Board, Message, Row } from './board';
import type { Following } from './follow';
import { MessageRow } from './message-row';

/** Messages that are drawn at first, and added by each wish for more. */
const DRAWN_MAX = 2000;
const ANNOUNCED_CHARACTERS = 200;

export interface BoardProperties {
  readonly page: string;
  readonly board: Board;
  readonly following: Following;
  readonly ageing: Ageing;
}

export function BoardView({ page, board, following, ageing }: BoardProperties): JSX.Element {
  const title = useRef<HTMLHeadingElement>(null);
  const drawnMax = useSignal(DRAWN_MAX);
  const older = useComputed(() => Math.max(0, board.size.value - drawnMax.value));
  return (
    <section class="board" aria-labelledby="board-title">
      <div class="board-head">
        <h2 id="board-title" tabIndex={-1} ref={title}>
          Messages
        </h2>
        <Total board={board} following={following} />
      </div>
      <Notice following={following} />
      <Empty board={board} following={following} />
      <Rows page={page} board={board} ageing={ageing} title={title} drawnMax={drawnMax} />
      {older.value > 0 && (
        <button
          type="button"
          class="quiet"
          id="older"
          onClick={() => {
            drawnMax.value += DRAWN_MAX;
          }}
        >
          Show older messages ({older.value})
        </button>
      )}
      <Announcer board={board} />
    </section>
  );
}

/** Says nothing of the number before all has been told once. */
function Total({ board, following }: Pick<BoardProperties, 'board' | 'following'>): JSX.Element {
  const size = board.size.value;
  const words = size > 0 ? counted(size, 'message') : following.isComplete.value ? '' : 'Loading…';
  return (
    <p class="total" id="total">
      {words}
    </p>
  );
}

function Empty({ board, following }: Pick<BoardProperties, 'board' | 'following'>): JSX.Element | null {
  if (board.rows.value.length > 0 || !following.isComplete.value) return null;
  return (
    <div class="empty" id="empty">
      <p class="empty-line">Nothing here right now.</p>
      <p>
        Nobody has written yet, or everything written has run its time. Nothing is kept that could tell which.
      </p>
    </div>
  );
}

interface RowsProperties {
  readonly page: string;
  readonly board: Board;
  readonly ageing: Ageing;
  readonly title: { readonly current: HTMLHeadingElement | null };
  readonly drawnMax: Signal<number>;
}

/** Elements are kept by row: what has not changed costs nothing to draw again. */
function Rows({ page, board, ageing, title, drawnMax }: RowsProperties): JSX.Element {
  const elements = useRef(new WeakMap<Row, VNode>());
  const elementOf = (row: Row): VNode => {
    const { key, version } = row.message;
    const known = elements.current.get(row);
    const element = known ?? (
      <MessageRow
        key={`${version} ${key}`}
        row={row}
        page={page}
        ageing={ageing}
        onClosed={() => board.forget(row)}
        onFocusLost={() => title.current?.focus()}
      />
    );
    elements.current.set(row, element);
    return element;
  };
  return (
    <ol class="messages" id="messages">
      {board.rows.value.slice(0, drawnMax.value).map(elementOf)}
    </ol>
  );
}

/** What is wrong, until it is not; with the ways to the same board on other nodes. */
function Notice({ following }: { readonly following: Following }): JSX.Element {
  const trouble = following.trouble.value;
  if (trouble === null) return <div class="notice" id="notice" role="status" />;
  const { title, detail } = explain(trouble.failure, navigator.onLine);
  const seconds = Math.ceil(trouble.retryInMs / 1000);
  return (
    <div class="notice is-shown" id="notice" role="status">
      <strong>{title}</strong>
      {` ${detail} Asking again in ${counted(seconds, 'second')}. `}
      {following.nodes.alternatives.map((address) => (
        <a key={address} href={address}>
          Open on port {new URL(address).port}
        </a>
      ))}
    </div>
  );
}

/** Tells politely what came after the board was there. */
function Announcer({ board }: Pick<BoardProperties, 'board'>): JSX.Element {
  const words = useSignal('');
  useEffect(() => {
    board.onFresh = (fresh) => {
      words.value = announcement(fresh);
    };
    return () => {
      board.onFresh = () => undefined;
    };
  }, [board, words]);
  return (
    <p class="unseen" id="announcer" aria-live="polite">
      {words}
    </p>
  );
}

function announcement(fresh: readonly Message[]): string {
  const [first] = fresh;
  if (first === undefined || fresh.length > 1) return `${fresh.length} new messages`;
  const from = first.content.author === '' ? '' : ` from ${first.content.author}`;
  return `New message${from}: ${first.content.text.slice(0, ANNOUNCED_CHARACTERS)}`;
}
