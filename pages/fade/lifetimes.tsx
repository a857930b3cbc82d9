// The choice of a lifetime.
import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';

const CHOICES = [
  [300, '5 min'],
  [1800, '30 min'],
  [3600, '1 h'],
  [21_600, '6 h'],
  [86_400, '24 h'],
] as const;

export const LIFETIME_AT_FIRST = 3600;

export function Lifetimes({ seconds }: { readonly seconds: Signal<number> }): JSX.Element {
  return (
    <fieldset class="lifetimes">
      <legend>Gone after</legend>
      <div class="segments">
        {CHOICES.map(([value, words]) => (
          <label key={value}>
            <input
              type="radio"
              name="lifetime"
              value={value}
              checked={seconds.value === value}
              onChange={() => {
                seconds.value = value;
              }}
            />
            <span>{words}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
