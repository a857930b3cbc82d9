// Answers whose length a server alone decides, read within a bound. Whatever listens at an address
// may answer without end.

/** Of a problem. */
export const PROBLEM_BYTES_MAX = 64 * 1024;
/** Of what a node says of itself and of its peers. */
export const REPORT_BYTES_MAX = 8 * 1024 * 1024;

/** Null when it is longer. The rest is not read then. */
async function textWithin(response: Response, bytesMax: number): Promise<string | null> {
  const body = response.body as ReadableStream<Uint8Array> | null;
  if (body === null) return '';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let got = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    got += value.byteLength;
    if (got > bytesMax) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** Null when it is longer, no JSON, or breaks off. */
export async function jsonWithin(response: Response, bytesMax: number): Promise<unknown> {
  try {
    return JSON.parse((await textWithin(response, bytesMax)) ?? 'null') as unknown;
  } catch {
    return null;
  }
}

/** Whether it came to its end within the bound. */
export async function endsWithin(response: Response, bytesMax: number): Promise<boolean> {
  return (await textWithin(response, bytesMax)) !== null;
}
