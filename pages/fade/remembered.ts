// What a writer typed of themselves, kept in this browser alone. A browser may forbid that: it is
// then typed again.

export type Name = 'author' | 'location';

export function recall(name: Name): string {
  try {
    return localStorage.getItem(`fade.${name}`) ?? '';
  } catch {
    return '';
  }
}

export function remember(name: Name, value: string): void {
  try {
    localStorage.setItem(`fade.${name}`, value);
  } catch {
    return;
  }
}
