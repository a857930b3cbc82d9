// The form that writes: to everyone, or to whoever has a link.
import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { NodeList } from '../node-api/node-list';
import { Drafting, type Mode } from './drafting';
import { Lifetimes } from './lifetimes';
import { NAME_MAX } from './message';
import { PrivateNote, PrivateLinkView } from './private-view';

export interface ComposerProperties {
  readonly page: string;
  readonly nodes: NodeList;
  readonly onPosted: () => void;
}

export function Composer({ page, nodes, onPosted }: ComposerProperties): JSX.Element {
  const drafting = useMemo(() => new Drafting(page, nodes, onPosted), [page, nodes]);
  const text = useRef<HTMLTextAreaElement>(null);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!drafting.submit()) text.current?.focus();
  };
  const { mode, said, link, isBusy, canSend } = drafting;
  return (
    <form class="composer" id="composer" noValidate onSubmit={submit}>
      <div class="sheet">
        <Modes drafting={drafting} />
        <Writing drafting={drafting} field={text} />
        {mode.value === 'board' ? <Names drafting={drafting} /> : <PrivateNote />}
        <div class="controls">
          <Lifetimes seconds={drafting.ttlSeconds} />
          <Counter drafting={drafting} />
          <button type="submit" id="post" aria-disabled={isBusy.value || !canSend.value}>
            {buttonWords(mode.value, isBusy.value)}
          </button>
        </div>
      </div>
      <p class="outcome" id="outcome" role="status" data-mood={said.value?.mood}>
        {said.value?.words}
      </p>
      {link.value !== null && <PrivateLinkView link={link.value} />}
    </form>
  );
}

function buttonWords(mode: Mode, isBusy: boolean): string {
  if (mode === 'private') return isBusy ? 'Sealing…' : 'Make a link';
  return isBusy ? 'Posting…' : 'Post';
}

interface Part {
  readonly drafting: Drafting;
}

function Modes({ drafting: { mode, said, link } }: Part): JSX.Element {
  const choice = (value: Mode, words: string): JSX.Element => (
    <label>
      <input
        type="radio"
        name="mode"
        value={value}
        checked={mode.value === value}
        onChange={() => {
          mode.value = value;
          said.value = null;
          link.value = null;
        }}
      />
      <span>{words}</span>
    </label>
  );
  return (
    <fieldset class="modes">
      <legend class="unseen">Who can read it</legend>
      {choice('board', 'For everyone')}
      {choice('private', 'By private link')}
    </fieldset>
  );
}

interface WritingProperties extends Part {
  readonly field: { current: HTMLTextAreaElement | null };
}

function Writing({ drafting, field }: WritingProperties): JSX.Element {
  const { text, length, textMax, mode } = drafting;
  return (
    <div class="writing">
      <label for="text" class="unseen">
        Message
      </label>
      <textarea
        id="text"
        ref={field}
        rows={3}
        aria-describedby="count outcome"
        aria-invalid={length.value > textMax.value}
        autoComplete="off"
        placeholder={mode.value === 'board' ? 'Say something that will not last' : 'For whoever has the link'}
        value={text}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
            event.currentTarget.form?.requestSubmit();
        }}
      />
    </div>
  );
}

function Names({ drafting }: Part): JSX.Element {
  const field = (name: 'author' | 'location', label: string, autoComplete: string): JSX.Element => (
    <div class="name">
      <label for={name}>{label}</label>
      <input
        id={name}
        type="text"
        maxLength={NAME_MAX}
        autoComplete={autoComplete}
        spellcheck={false}
        placeholder="optional"
        value={drafting[name]}
        onInput={(event) => {
          drafting[name].value = event.currentTarget.value;
        }}
        onChange={() => drafting.rememberNames()}
      />
    </div>
  );
  return (
    <div class="names">
      {field('author', 'Callsign', 'nickname')}
      {field('location', 'Location', 'off')}
    </div>
  );
}

/** How much of the room is used: a ring that fills, and the figure when it gets narrow. */
function Counter({ drafting: { length, textMax } }: Part): JSX.Element {
  const left = textMax.value - length.value;
  const share = Math.min(1, length.value / textMax.value);
  return (
    <p class={left < 0 ? 'count is-over' : 'count'} id="count">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="12" cy="12" r="9" />
        <circle cx="12" cy="12" r="9" pathLength="100" stroke-dasharray={`${(share * 100).toFixed(1)} 100`} />
      </svg>
      <span>{left < 0 ? `${-left} too many` : `${left} left`}</span>
    </p>
  );
}
