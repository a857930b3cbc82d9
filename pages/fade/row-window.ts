// Which messages are drawn: those near the view, the first and the last one, and the one that has
// the focus with its neighbours. Spaces stand for all others, so that the list is as long as it
// would be. Whoever tabs on, scrolls or is led to a message finds it drawn.
import { effect, signal, type Signal } from '@preact/signals';
import type { Board, Row } from './board';
import { RowHeights } from './row-heights';
import { RowPlaces, type Part } from './row-places';

export type DrawnPart =
  | { readonly kind: 'row'; readonly row: Row }
  | { readonly kind: 'space'; readonly key: string; readonly heightPx: number };

/** Drawn beyond the view on either side: so much of its height, and at least so many pixels. */
const MARGIN_VIEWS = 0.75;
const MARGIN_MIN_PX = 600;

/** From here on scrolling brings a message nearer to its place: pages move by whole pixels. */
const MOVED_MIN_PX = 0.5;
/** Whoever scrolls, scrolls further than this; a browser that holds the place itself errs by less. */
const REST_MAX_PX = 2.5;

/** An element that is to be at this distance from the upper edge of the view. */
interface Held {
  readonly element: HTMLElement;
  readonly topPx: number;
}

/** The message at the upper edge of the view; it stays where it is when others come and go. */
interface Anchor {
  readonly row: Row;
  /** Pixels of it above the edge. */
  readonly hiddenPx: number;
}

export class RowWindow {
  readonly parts = signal<readonly DrawnPart[]>([]);
  /** All messages, drawn or not. */
  readonly total = signal(0);

  private readonly heights = new RowHeights();
  private readonly elements = new Map<Row, HTMLElement>();
  private readonly rowsOf = new WeakMap<Element, Row>();
  private readonly positions = new WeakMap<Row, Signal<number>>();
  private readonly observer = new ResizeObserver((entries) => this.resized(entries));
  private readonly anchors: Anchor[] = [];
  private readonly isHeldByBrowser = CSS.supports('overflow-anchor', 'auto');
  private held: Held | null = null;
  /** What was held last, and where it was to be. */
  private settled: Held | null = null;
  private rows: readonly Row[] = [];
  private places = new RowPlaces([]);
  private list: HTMLElement | null = null;
  private wanted: Row | null = null;
  private nextLook = 0;

  constructor(private readonly board: Board) {}

  /** Follows the view and the board for this list. @returns what ends that */
  attach(list: HTMLElement): () => void {
    this.list = list;
    this.board.isDrawn = (row) => this.elements.has(row);
    this.observer.observe(list);
    const look = (): void => this.look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    // Keys may come faster than frames.
    list.addEventListener('focusin', look);
    this.measureLayout(list);
    const stop = effect(() => this.take(this.board.rows.value));
    return () => {
      stop();
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
      list.removeEventListener('focusin', look);
      this.observer.disconnect();
      cancelAnimationFrame(this.nextLook);
      this.list = null;
    };
  }

  /** A row is drawn as this element. @returns what says that it is no more */
  drawnAs(row: Row, element: HTMLElement): () => void {
    this.elements.set(row, element);
    this.rowsOf.set(element, row);
    this.observer.observe(element);
    return () => {
      this.observer.unobserve(element);
      if (this.elements.get(row) === element) this.elements.delete(row);
    };
  }

  /** Its place among all messages, counted from 1. */
  positionOf(row: Row): Signal<number> {
    const known = this.positions.get(row) ?? signal(0);
    this.positions.set(row, known);
    return known;
  }

  /** Leads whoever reads to the message of that key. */
  goTo(key: string): void {
    this.wanted = this.rows.find(({ message, isOver }) => message.key === key && !isOver.value) ?? null;
    this.draw(this.topOfView());
    requestAnimationFrame(() => {
      this.showWanted();
      // Where it lay was a guess while those around it were not drawn.
      requestAnimationFrame(() => {
        this.showWanted();
        this.wanted = null;
      });
    });
  }

  /** What was drawn is in the page: what was held goes back to its place in the view. */
  afterDrawing(): void {
    const { held } = this;
    this.held = null;
    if (held?.element.isConnected !== true) return;
    const movedPx = held.element.getBoundingClientRect().top - held.topPx;
    if (Math.abs(movedPx) > MOVED_MIN_PX) scrollBy({ top: movedPx, behavior: 'instant' });
    this.settled = held;
  }

  private showWanted(): void {
    const element = this.wanted === null ? undefined : this.elements.get(this.wanted);
    if (element === undefined) return;
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: 'center', behavior: 'instant' });
  }

  private take(rows: readonly Row[]): void {
    this.rows = rows;
    this.total.value = rows.length;
    this.place();
    // The browser would notice only later, when the anchor may be drawn no more.
    const heldBefore = this.held;
    this.hold();
    // Where nothing is drawn, nothing is put back: not later either, when somebody has scrolled.
    if (!this.draw(this.topOfAnchor() ?? this.topOfView())) this.held = heldBefore;
  }

  private place(): void {
    this.places = new RowPlaces(this.rows.map((row) => this.heights.of(row)));
  }

  private look(): void {
    cancelAnimationFrame(this.nextLook);
    this.nextLook = 0;
    const topPx = this.topOfView();
    this.noteAnchors(topPx);
    this.draw(topPx);
  }

  /** The first messages in view: when one ends, the next holds the place. */
  private noteAnchors(topPx: number): void {
    this.anchors.length = 0;
    if (topPx <= 0 || topPx >= this.places.topOf(this.places.length)) return;
    const first = this.places.at(topPx);
    const last = this.places.at(topPx + innerHeight);
    for (let index = first; index <= last; index += 1) {
      const row = this.rows[index];
      if (row !== undefined) this.anchors.push({ row, hiddenPx: topPx - this.places.topOf(index) });
    }
  }

  /** @returns where the edge of the view is to be among the rows of now; null when above all */
  private topOfAnchor(): number | null {
    for (const { row, hiddenPx } of this.anchors) {
      const index = this.rows.indexOf(row);
      if (index !== -1) return this.places.topOf(index) + hiddenPx;
    }
    return null;
  }

  private topOfView(): number {
    return this.list === null ? 0 : -this.list.getBoundingClientRect().top;
  }

  /** @returns whether something is drawn anew */
  private draw(topPx: number): boolean {
    const marginPx = Math.max(MARGIN_MIN_PX, innerHeight * MARGIN_VIEWS);
    const span = this.places.between(topPx - marginPx, topPx + innerHeight + marginPx);
    const parts = this.places.parts(span, this.kept()).flatMap((part) => this.drawn(part));
    if (isSame(parts, this.parts.value)) return false;
    if (!this.isHeldByBrowser) this.hold();
    this.parts.value = parts;
    return true;
  }

  /** Rows that are drawn wherever the view is, so that Tab goes on from where it is. */
  private kept(): number[] {
    const focused = document.activeElement?.closest('li') ?? null;
    const row = focused === null ? undefined : this.rowsOf.get(focused);
    const around = [row, this.wanted].flatMap((each) => {
      const index = each === undefined || each === null ? -1 : this.rows.indexOf(each);
      return index === -1 ? [] : [index - 1, index, index + 1];
    });
    return [0, ...around, this.rows.length - 1];
  }

  private drawn(part: Part): DrawnPart[] {
    if (part.kind === 'space') {
      const above = this.rows[part.after]?.message;
      return [{ kind: 'space', key: `after ${above?.version} ${above?.key}`, heightPx: part.heightPx }];
    }
    const row = this.rows[part.index];
    if (row === undefined) return [];
    this.positionOf(row).value = part.index + 1;
    return [{ kind: 'row', row }];
  }

  private hold(): void {
    const anchor = this.anchors.find(({ row }) => this.elements.has(row) && this.rows.includes(row));
    const element = anchor === undefined ? undefined : this.elements.get(anchor.row);
    if (element === undefined) return;
    this.held ??= { element, topPx: element.getBoundingClientRect().top - this.restPx() };
  }

  /**
   * How far the messages are from where they were to be: what could not be scrolled, because it is
   * less than a pixel, and the whole pixel that the browser then made of it. It must not add up,
   * also where the browser itself has scrolled since, because a gap above is closing.
   */
  private restPx(): number {
    const { settled } = this;
    if (settled?.element.isConnected !== true) return 0;
    const restPx = settled.element.getBoundingClientRect().top - settled.topPx;
    return Math.abs(restPx) > REST_MAX_PX ? 0 : restPx;
  }

  private resized(entries: readonly ResizeObserverEntry[]): void {
    let isNews = this.list !== null && this.measureLayout(this.list);
    for (const { target, borderBoxSize } of entries) {
      const row = this.rowsOf.get(target);
      const heightPx = borderBoxSize[0]?.blockSize;
      if (row === undefined || heightPx === undefined || !target.isConnected) continue;
      const gapPx = Number.parseFloat(getComputedStyle(target).marginBlockStart);
      isNews = this.heights.measure(row, heightPx + gapPx) || isNews;
    }
    if (isNews) this.place();
    // Not at once: drawing here would change sizes while they are told.
    if (this.nextLook === 0) this.nextLook = requestAnimationFrame(() => this.look());
  }

  private measureLayout(list: HTMLElement): boolean {
    const remPx = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    return this.heights.laidOut({ widthPx: list.clientWidth, remPx });
  }
}

function isSame(some: readonly DrawnPart[], others: readonly DrawnPart[]): boolean {
  return (
    some.length === others.length &&
    some.every((part, index) => {
      const other = others[index];
      if (part.kind === 'row') return other?.kind === 'row' && other.row === part.row;
      return other?.kind === 'space' && other.key === part.key && other.heightPx === part.heightPx;
    })
  );
}
