// Keys inside the core are byte strings: one UTF-16 unit per byte, so that plain string comparison
// is bytewise order and a Map can hold them. UTF-8 is known at the edge only.

const SLICE = 4096;

export function toByteString(bytes: Uint8Array): string {
  if (bytes.length <= SLICE) return String.fromCharCode(...bytes);
  let text = '';
  for (let at = 0; at < bytes.length; at += SLICE) {
    text += String.fromCharCode(...bytes.subarray(at, at + SLICE));
  }
  return text;
}

export function fromByteString(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}
