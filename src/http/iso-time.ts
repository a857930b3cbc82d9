// Times as ISO 8601 text, for less than Date takes: each answer with a value has one.

const MS_PER_DAY = 86_400_000;

/** The values that a node holds are mostly of one day or two. */
const day = { number: NaN, text: '' };

/** The same as `new Date(ms).toISOString()`, for the years 1970 to 9999. */
export function isoTime(ms: number): string {
  const number = Math.floor(ms / MS_PER_DAY);
  if (number !== day.number) {
    day.number = number;
    day.text = new Date(number * MS_PER_DAY).toISOString().slice(0, 'YYYY-MM-DDT'.length);
  }
  const msOfDay = Math.floor(ms) - number * MS_PER_DAY;
  const seconds = Math.floor(msOfDay / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return `${day.text}${two(hours)}:${two(minutes % 60)}:${two(seconds % 60)}.${three(msOfDay % 1000)}Z`;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

function three(number: number): string {
  return number < 100 ? `0${two(number)}` : String(number);
}
