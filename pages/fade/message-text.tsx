// The words of a message, always as text; folded where they are long.
import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { isLong } from './folding';

export interface TextProperties {
  readonly text: string;
  readonly isUnfolded: Signal<boolean>;
}

export function MessageText({ text, isUnfolded }: TextProperties): JSX.Element {
  const isFolded = isLong(text) && !isUnfolded.value;
  return (
    <>
      <p class={isFolded ? 'text is-folded' : 'text'} dir="auto">
        {text === '' ? '(empty)' : text}
      </p>
      {isLong(text) && (
        <button
          type="button"
          class="quiet"
          aria-expanded={!isFolded}
          onClick={() => {
            isUnfolded.value = isFolded;
          }}
        >
          {isFolded ? 'Show all of it' : 'Show less'}
        </button>
      )}
    </>
  );
}
