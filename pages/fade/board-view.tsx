// The messages, what there is to say of the connection, and what a screen reader hears of both.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { explain } from '../words/explain';
import { counted } from '../words/lifetime';
import type { Ageing } from './ageing';
import type { Board, Message } from './board';
import type { Following } from './follow';
import type { RowWindow } from './row-window';
import { RowsView } from './rows-view';

const ANNOUNCED_CHARACTERS = 200;

export interface BoardProperties {
  readonly page: string;
  readonly board: Board;
  readonly following: Following;
  readonly ageing: Ageing;
  readonly rowWindow: RowWindow;
}

export function BoardView({ page, board, following, ageing, rowWindow }: BoardProperties): JSX.Element {
  const title = useRef<HTMLHeadingElement>(null);
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
      <RowsView page={page} board={board} ageing={ageing} rowWindow={rowWindow} title={title} />
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
