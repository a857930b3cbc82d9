import { LineSink } from './line-sink';

/** An output that takes what `room` says, or fails with `error`. */
class Output {
  text = '';
  room = Infinity;
  error: string | null = null;

  readonly write = (bytes: Buffer): number => {
    if (this.error !== null) throw Object.assign(new Error(this.error), { code: this.error });
    if (this.room === 0) throw Object.assign(new Error('full'), { code: 'EAGAIN' });
    const taken = bytes.subarray(0, this.room);
    this.room -= taken.length;
    this.text += taken.toString();
    return taken.length;
  };
}

describe('a sink of lines', () => {
  let output: Output;
  let sink: LineSink;
  let nowMs = 0;

  beforeEach(() => {
    jest.useFakeTimers();
    nowMs = 0;
    output = new Output();
    sink = new LineSink({ write: output.write, nowMs: () => nowMs });
  });

  afterEach(() => jest.useRealTimers());

  it('writes within the call', () => {
    sink.write('one\n');
    expect(output.text).toBe('one\n');
  });

  it.each(['ENOSPC', 'EIO', 'EPIPE', 'EAGAIN', 'EBADF'])(
    'survives %s and writes what waited in order',
    (code) => {
      output.error = code;
      sink.write('one\n');
      sink.write('two\n');
      output.error = null;
      jest.advanceTimersByTime(1000);
      sink.write('three\n');
      expect(output.text).toBe('one\ntwo\nthree\n');
    },
  );

  it('finishes a line that was written in part before it begins the next', () => {
    output.room = 6;
    sink.write('one\ntwo\n');
    sink.write('three\n');
    output.room = Infinity;
    jest.advanceTimersByTime(1000);
    expect(output.text).toBe('one\ntwo\nthree\n');
  });

  it('keeps a bounded number of bytes, and says how many lines it dropped and why once it can', () => {
    sink.onRecovered = ({ lines, reason, forMs }) => sink.write(`lost ${lines} ${reason} ${forMs}\n`);
    output.error = 'ENOSPC';
    const line = `${'x'.repeat(999)}\n`;
    for (let count = 0; count < 1000; count += 1) sink.write(line);
    nowMs = 5000;
    output.error = null;
    jest.advanceTimersByTime(1000);
    const written = output.text.split('\n').slice(0, -1);
    expect(output.text.length).toBeLessThan(263_000);
    expect(written.at(-1)).toBe(`lost ${1000 - (written.length - 1)} ENOSPC 5000`);
    sink.write('on\n');
    expect(output.text.endsWith('5000\non\n')).toBe(true);
  });

  it('makes one more attempt when the process ends', () => {
    output.error = 'EAGAIN';
    sink.write('last words\n');
    output.error = null;
    sink.flush();
    expect(output.text).toBe('last words\n');
  });
});
