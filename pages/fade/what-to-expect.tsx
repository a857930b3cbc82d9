// What the board is and is not.
import type { JSX } from 'preact';

export function WhatToExpect(): JSX.Element {
  return (
    <section class="panel" aria-labelledby="truth-title">
      <h2 id="truth-title">What to expect</h2>
      <ul class="truths">
        <li>
          <strong>Public.</strong> Whoever can open this page can read every message on the board and write
          new ones.
        </li>
        <li>
          <strong>Unsigned.</strong> There are no accounts; a callsign is whatever its writer typed.
        </li>
        <li>
          <strong>Gone on time.</strong> Nodes hold messages in memory and drop them when the time is up, or
          earlier if every node stops. There is no undo, no delete and no archive.
        </li>
        <li>
          <strong>Not a secret.</strong> A reader may have kept a copy. What needs protecting belongs into a
          private link, or nowhere.
        </li>
      </ul>
    </section>
  );
}
