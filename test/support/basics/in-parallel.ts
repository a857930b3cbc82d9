// Many tasks, a few at a time.

/** Runs `task` for each item, `width` at a time, and answers in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const position = next++;
      results[position] = await task(items[position]);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
