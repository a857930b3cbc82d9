// What the part of the address behind # says. Browsers never send it to a server.

export type Opened =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'message'; readonly key: string }
  | { readonly kind: 'private'; readonly id: string; readonly secret: string }
  /** Of a link of ours, of which a part is missing, or that has something behind it. */
  | { readonly kind: 'broken' };

const PRIVATE = /^#p=([0-9a-z]{8,40})\.([\w-]{43})$/;

/** @param hash with its # */
export function openedBy(hash: string): Opened {
  const [, id, secret] = PRIVATE.exec(hash) ?? [];
  if (id !== undefined && secret !== undefined) return { kind: 'private', id, secret };
  if (hash.startsWith('#p=')) return { kind: 'broken' };
  if (!hash.startsWith('#m=')) return { kind: 'nothing' };
  try {
    return { kind: 'message', key: decodeURIComponent(hash.slice('#m='.length)) };
  } catch {
    return { kind: 'broken' };
  }
}

/** @param page the address of the page, without a part behind # */
export function messageLink(page: string, key: string): string {
  return `${page}#m=${encodeURIComponent(key)}`;
}

export function privateLink(page: string, id: string, secret: string): string {
  return `${page}#p=${id}.${secret}`;
}
