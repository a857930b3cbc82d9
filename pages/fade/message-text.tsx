// The words of a message, always as text; folded where they are long.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';

const LONG_CHARACTERS = 600;
const LONG_LINES = 12;

export function MessageText({ text }: { readonly text: string }): JSX.Element {
  const isLong = text.length > LONG_CHARACTERS || text.split('\n').length > LONG_LINES;
  const isFolded = useSignal(isLong);
  return (
    <>
      <p class={isFolded.value ? 'text is-folded' : 'text'} dir="auto">
        {text === '' ? '(empty)' : text}
      </p>
      {isLong && (
        <button
          type="button"
          class="quiet"
          aria-expanded={!isFolded.value}
          onClick={() => {
            isFolded.value = !isFolded.value;
          }}
        >
          {isFolded.value ? 'Show all of it' : 'Show less'}
        </button>
      )}
    </>
  );
}
