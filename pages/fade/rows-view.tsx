// The rows that are drawn, and spaces in place of the others. To whoever listens it is one list: each
// row says the how manieth it is of how many.
import type { JSX, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Ageing } from './ageing';
import type { Board, Row } from './board';
import { MessageRow } from './message-row';
import type { DrawnPart, RowWindow } from './row-window';

export interface RowsProperties {
  readonly page: string;
  readonly board: Board;
  readonly ageing: Ageing;
  readonly rowWindow: RowWindow;
  readonly title: { readonly current: HTMLHeadingElement | null };
}

/** Elements are kept by row: what has not changed costs nothing to draw again. */
export function RowsView({ page, board, ageing, rowWindow, title }: RowsProperties): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  const elements = useRef(new WeakMap<Row, VNode>());
  const parts = rowWindow.parts.value;
  useLayoutEffect(() => (list.current === null ? undefined : rowWindow.attach(list.current)), [rowWindow]);
  useLayoutEffect(() => rowWindow.afterDrawing(), [rowWindow, parts]);
  const elementOf = (row: Row): VNode => {
    const { key, version } = row.message;
    const known = elements.current.get(row);
    const element = known ?? (
      <MessageRow
        key={`${version} ${key}`}
        row={row}
        page={page}
        ageing={ageing}
        rowWindow={rowWindow}
        onClosed={() => board.forget(row)}
        onFocusLost={() => title.current?.focus()}
      />
    );
    elements.current.set(row, element);
    return element;
  };
  const draw = (part: DrawnPart): VNode => (part.kind === 'row' ? elementOf(part.row) : spaceOf(part));
  return (
    <ol class="messages" id="messages" ref={list}>
      {parts.map(draw)}
    </ol>
  );
}

function spaceOf({ key, heightPx }: Extract<DrawnPart, { kind: 'space' }>): VNode {
  return <li key={key} class="space" aria-hidden="true" style={{ height: `${heightPx}px` }} />;
}
