// Copies a text, and says that it did. Pages over plain HTTP may not use the clipboard: there the
// text is selected in a field.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';

const SAID_MS = 2500;

export interface CopyProperties {
  readonly text: string;
  readonly label: string;
  readonly class?: string;
}

export function CopyButton({ text, label, class: className = 'quiet' }: CopyProperties): JSX.Element {
  const said = useSignal('');
  const copy = async (): Promise<void> => {
    said.value = (await copied(text)) ? 'Copied' : 'Could not copy';
    setTimeout(() => {
      said.value = '';
    }, SAID_MS);
  };
  return (
    <>
      <button type="button" class={className} onClick={() => void copy()}>
        {said.value === '' ? label : said.value}
      </button>
      <span class="unseen" role="status">
        {said.value}
      </span>
    </>
  );
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedByField(text);
  }
}

function copiedByField(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'unseen';
  document.body.append(field);
  field.select();
  // The only way where navigator.clipboard is missing.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const isCopied = document.execCommand('copy');
  field.remove();
  return isCopied;
}
