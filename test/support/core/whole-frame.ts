/** A frame as it is on the wire, in one piece. */
export function wholeFrame(frame: Uint8Array, shared: Uint8Array | undefined): Uint8Array {
  if (shared === undefined) return frame;
  const whole = new Uint8Array(frame.byteLength + shared.byteLength);
  whole.set(frame);
  whole.set(shared, frame.byteLength);
  return whole;
}
