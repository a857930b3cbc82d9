// One message on the board: the countdown, the rule that shortens, the ink that pales. When its time
// is up its content goes at once, and the space that it took closes softly.
import { useSignal, type Signal } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { countdown, inWords, shareLeft } from '../words/lifetime';
import { messageLink } from './address';
import type { Ageing } from './ageing';
import type { Message, Row } from './board';
import { CopyButton } from './copy-button';
import { MessageText } from './message-text';
import type { RowWindow } from './row-window';

/** For this long before the end a message visibly dissolves. */
const LEAVING_MS = 4000;
const CLOSING_MS = 260;
/** What is drawn later than so after it came is not new. */
const NEW_MS = 400;
/** Made once: to make one takes longer than to draw a message. */
const TIME = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit' });
const DATE_AND_TIME = new Intl.DateTimeFormat([], { dateStyle: 'short', timeStyle: 'medium' });

export interface RowProperties {
  readonly row: Row;
  readonly page: string;
  readonly ageing: Ageing;
  readonly rowWindow: RowWindow;
  readonly onClosed: () => void;
  /** The message ended while something in it had the focus. */
  readonly onFocusLost: () => void;
}

export function MessageRow(properties: RowProperties): JSX.Element {
  const { row, onClosed, onFocusLost } = properties;
  const item = useRef<HTMLLIElement>(null);
  const isOver = row.isOver.value;
  const space = isOver ? spaceOf(item.current) : NO_SPACE;
  const hadFocus = isOver && item.current?.contains(document.activeElement) === true;
  useLayoutEffect(() => {
    if (!isOver) return undefined;
    if (hadFocus) onFocusLost();
    closeGap(item.current, space, onClosed);
    return onClosed;
    // The space is the one from before the content went.
  }, [isOver]);
  if (isOver)
    return <li class="gap" aria-hidden="true" style={{ height: `${space.heightPx}px` }} ref={item} />;
  return <LiveRow {...properties} item={item} />;
}

interface LiveProperties extends RowProperties {
  readonly item: RefObject<HTMLLIElement | null>;
}

function LiveRow({ row, page, ageing, rowWindow, item }: LiveProperties): JSX.Element {
  const left = useAge(row, ageing, item);
  const { content, key } = row.message;
  const kinds = useMemo(() => kindsOf(row), [row]);
  useLayoutEffect(() => (item.current === null ? undefined : rowWindow.drawnAs(row, item.current)), [row]);
  return (
    <li
      class={kinds}
      data-key={key}
      aria-posinset={rowWindow.positionOf(row)}
      aria-setsize={rowWindow.total}
      ref={item}
    >
      <div class="head">
        <Byline message={row.message} />
        <p class="left">{left}</p>
      </div>
      <MessageText text={content.text} isUnfolded={row.isUnfolded} />
      <div class="foot">
        <Notes message={row.message} />
        <CopyButton text={messageLink(page, key)} label="Copy link" />
      </div>
      <span class="rule" aria-hidden="true" />
    </li>
  );
}

function kindsOf({ message, cameAtMs }: Row): string {
  const isNew = performance.now() - cameAtMs < NEW_MS;
  return ['message', message.content.foreign ? 'is-foreign' : '', isNew ? 'is-new' : '']
    .filter((kind) => kind !== '')
    .join(' ');
}

/** @returns what is left, in words, while it can be seen; ages the element with it. */
export function useAge(
  row: { readonly message: Pick<Message, 'ttlSeconds'>; readonly deadlineMs: number },
  ageing: Ageing,
  item: RefObject<HTMLElement | null>,
): Signal<string> {
  const left = useSignal('');
  useLayoutEffect(() => {
    const element = item.current;
    if (element === null) return undefined;
    return ageing.watch(element, (nowMs) => {
      const { ttlSeconds } = row.message;
      const leftMs = row.deadlineMs - nowMs;
      const { figure, unit } = countdown(leftMs);
      left.value = `${figure} ${unit} left`;
      element.style.setProperty('--life', shareLeft(leftMs, ttlSeconds).toFixed(4));
      element.classList.toggle('is-old', shareLeft(leftMs, ttlSeconds) < 0.15);
      const leavingMs = Math.min(LEAVING_MS, ttlSeconds * 250);
      leave(element, leavingMs - leftMs);
    });
  }, [row, ageing, item, left]);
  return left;
}

export function Byline({ message: { content, postedAtMs } }: { readonly message: Message }): JSX.Element {
  const posted = new Date(postedAtMs);
  return (
    <p class="byline">
      {!content.foreign && <bdi class="author">{content.author === '' ? 'Somebody' : content.author}</bdi>}
      {content.location !== '' && <bdi class="location">{content.location}</bdi>}
      {postedAtMs > 0 && (
        <time dateTime={posted.toISOString()} title={DATE_AND_TIME.format(posted)}>
          {TIME.format(posted)}
        </time>
      )}
    </p>
  );
}

function Notes({ message: { content, ttlSeconds } }: { readonly message: Message }): JSX.Element {
  return (
    <p class="notes">
      <span>for {inWords(ttlSeconds)}</span>
      {content.foreign && <span class="note">not written in Fade, shown as plain text</span>}
      {content.cut && <span class="note">only the beginning is shown</span>}
    </p>
  );
}

/** @param sinceMs how long it has been leaving; what is drawn meanwhile is as far as it would be */
function leave(element: HTMLElement, sinceMs: number): void {
  const isLeaving = sinceMs > 0;
  if (isLeaving === element.classList.contains('is-leaving')) return;
  element.style.setProperty('--leaving', `${(-sinceMs).toFixed(0)}ms`);
  element.classList.toggle('is-leaving', isLeaving);
}

interface Space {
  /** With the gap to the row above. */
  readonly heightPx: number;
  readonly isInView: boolean;
}

const NO_SPACE: Space = { heightPx: 0, isInView: false };

function spaceOf(element: HTMLElement | null): Space {
  if (element === null) return NO_SPACE;
  const { top, bottom, height } = element.getBoundingClientRect();
  const gapPx = Number.parseFloat(getComputedStyle(element).marginBlockStart);
  return { heightPx: height + gapPx, isInView: bottom > 0 && top < innerHeight };
}

function closeGap(item: HTMLLIElement | null, { heightPx, isInView }: Space, onClosed: () => void): void {
  if (item === null || !isInView || matchMedia('(prefers-reduced-motion: reduce)').matches) {
    onClosed();
    return;
  }
  const closing = item.animate([{ height: `${heightPx}px` }, { height: '0px' }], {
    duration: CLOSING_MS,
    easing: 'ease-in-out',
    fill: 'forwards',
  });
  closing.onfinish = closing.oncancel = onClosed;
}
