// The code of a link, drawn here: a service that draws codes would learn the key.
import { generate } from 'lean-qr';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';

/** Light modules around the code, which readers need (ISO/IEC 18004). */
const QUIET = 4;

export function QrCode({ text }: { readonly text: string }): JSX.Element {
  const { size, path } = useMemo(() => pathOf(text), [text]);
  const edge = size + 2 * QUIET;
  return (
    <svg
      class="qr"
      viewBox={`${-QUIET} ${-QUIET} ${edge} ${edge}`}
      role="img"
      aria-label="The link as a QR code"
    >
      <rect x={-QUIET} y={-QUIET} width={edge} height={edge} />
      <path d={path} />
    </svg>
  );
}

/** One rectangle for each run of dark modules. */
function pathOf(text: string): { readonly size: number; readonly path: string } {
  const code = generate(text);
  const parts: string[] = [];
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      const from = x;
      while (x < code.size && code.get(x, y)) x += 1;
      if (x > from) parts.push(`M${from} ${y}h${x - from}v1h${from - x}z`);
    }
  }
  return { size: code.size, path: parts.join('') };
}
