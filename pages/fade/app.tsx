// The page as a whole.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { openedBy, type Opened } from './address';
import type { Ageing } from './ageing';
import type { Board } from './board';
import { BoardView } from './board-view';
import { Composer } from './composer';
import type { Following } from './follow';
import { NetworkView } from './network-view';
import { LookUp, OpenedView } from './opened-view';
import type { RowWindow } from './row-window';
import { StatePill } from './state-pill';
import { WhatToExpect } from './what-to-expect';

export interface AppProperties {
  /** The address of the page, without a part behind #. */
  readonly page: string;
  readonly board: Board;
  readonly following: Following;
  readonly ageing: Ageing;
  readonly rowWindow: RowWindow;
}

export function App({ page, board, following, ageing, rowWindow }: AppProperties): JSX.Element {
  const opened = useSignal<Opened>(openedBy(location.hash));
  useEffect(() => {
    const read = (): void => {
      opened.value = openedBy(location.hash);
    };
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, [opened]);
  const open = (next: Opened): void => {
    if (next.kind === 'nothing') history.replaceState(null, '', page);
    opened.value = next;
  };
  return (
    <div class="page">
      <header class="masthead">
        <Mark />
        <div class="title">
          <h1>Fade</h1>
          <p>A board kept in memory only. Every message has a lifetime.</p>
        </div>
        <StatePill following={following} />
      </header>
      <main>
        <OpenedView
          opened={opened.value}
          board={board}
          nodes={following.nodes}
          ageing={ageing}
          onClose={() => open({ kind: 'nothing' })}
          onGoTo={(key) => rowWindow.goTo(key)}
        />
        <Composer page={page} nodes={following.nodes} onPosted={() => following.refresh()} />
        <BoardView page={page} board={board} following={following} ageing={ageing} rowWindow={rowWindow} />
      </main>
      <aside class="side" aria-label="About this board">
        <NetworkView following={following} />
        <LookUp onWanted={(key) => open({ kind: 'message', key })} />
        <WhatToExpect />
      </aside>
    </div>
  );
}

/** Three lines that get shorter. */
function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M5 9h22" />
      <path d="M5 16h14" opacity=".62" />
      <path d="M5 23h6" opacity=".34" />
    </svg>
  );
}
