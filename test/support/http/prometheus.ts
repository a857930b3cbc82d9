// Reads Prometheus' text format (0.0.4), strictly: every sample must follow the HELP and TYPE of
// its family.

/** Values by `name{label="value"}` as written. */
export type Samples = ReadonlyMap<string, number>;

const SAMPLE = /^([a-z_]+?)(_bucket|_sum|_count)?(\{(?:[a-z_]+="(?:[^"\\]|\\.)*",?)+\})? (\S+)$/;

export function parseMetrics(text: string): Samples {
  const samples = new Map<string, number>();
  let family = '';
  let type = '';
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const help = /^# HELP (\S+) \S.*/.exec(line);
    const typed = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line);
    if (help !== null) [, family] = help;
    else if (typed?.[1] === family) [, , type] = typed;
    else samples.set(...sampleOf(line, family, type));
  }
  return samples;
}

function sampleOf(line: string, family: string, type: string): [string, number] {
  const found = SAMPLE.exec(line);
  if (found === null) throw new Error(`not a sample: ${line}`);
  const [, base, suffix = '', labels = '', value] = found;
  const name = type === 'histogram' ? base : base + suffix;
  if (name !== family) throw new Error(`${line} follows the head of ${family}`);
  const kept = type === 'summary' ? 'le' : type === 'histogram' ? 'quantile' : 'le|quantile';
  if (new RegExp(`[{,](${kept})=`).test(labels)) throw new Error(`${line} has a label of another type`);
  if (type !== 'counter' && /_(total|count|sum|bucket)$/.test(family))
    throw new Error(`${family} is no counter`);
  if (/_(ms|milliseconds|minutes|hours|kb|mb|kilobytes|megabytes|percent)(_|$)/.test(family)) {
    throw new Error(`${family} is not in base units`);
  }
  if (/_(gauge|counter|histogram|summary)(_|$)/.test(family)) throw new Error(`${family} names its type`);
  if (type === 'counter' && !family.endsWith('_total')) throw new Error(`${family} counts without _total`);
  return [base + suffix + labels, Number(value)];
}
