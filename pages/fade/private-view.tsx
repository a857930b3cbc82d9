// What is shown of private messages: what they promise, and the link to one.
import type { JSX } from 'preact';
import { inWords } from '../words/lifetime';
import { CopyButton } from './copy-button';
import type { PrivateLink } from './drafting';
import { QrCode } from './qr-code';
import { canSeal } from './secret';

export function PrivateNote(): JSX.Element {
  if (!canSeal()) {
    return (
      <p class="private-note is-warning" id="private-note">
        <strong>Not here.</strong> Browsers encrypt only on pages that nobody on the way could have changed:
        over HTTPS, or on this machine itself (<bdi>localhost</bdi>). This page came over plain HTTP.
      </p>
    );
  }
  return (
    <p class="private-note" id="private-note">
      Your browser encrypts the message. The key is only in the link, behind the #, and never reaches a node.
      Whoever has the link can read it until its time is up, as often as they like:{' '}
      <strong>reading does not burn it</strong>, and there is no delete.
    </p>
  );
}

export function PrivateLinkView({ link }: { readonly link: PrivateLink }): JSX.Element {
  return (
    <div class="private-link" id="private-link">
      <QrCode text={link.url} />
      <div class="private-words">
        <label for="link">Private link, readable for {inWords(link.ttlSeconds)}</label>
        <input
          id="link"
          type="text"
          readOnly
          value={link.url}
          onFocus={(event) => event.currentTarget.select()}
        />
        <p>Nobody can make this link again, this page neither: copy it now.</p>
        <CopyButton text={link.url} label="Copy the link" class="button" />
      </div>
    </div>
  );
}
