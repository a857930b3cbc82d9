import { type Argument, CommandWriter } from './wire-writer';

const written = (...commands: readonly (readonly Argument[])[]): Buffer => {
  const writer = new CommandWriter();
  for (const command of commands) writer.add(command);
  return Buffer.concat(writer.take());
};

describe('the writer of commands', () => {
  it('writes texts, bytes and arguments made of parts, with their lengths in front', () => {
    const key = [Buffer.from('c:{1}:v:'), Buffer.from([0, 255])];
    expect(written(['SET', key, Buffer.alloc(0), ''], ['PING']).toString('latin1')).toBe(
      '*4\r\n$3\r\nSET\r\n$10\r\nc:{1}:v:\0\xff\r\n$0\r\n\r\n$0\r\n\r\n*1\r\n$4\r\nPING\r\n',
    );
  });

  it('writes lengths of any number of digits', () => {
    for (const length of [9, 10, 99, 100, 65_535, 1_000_000])
      expect(written([Buffer.alloc(length, 'x')]).toString()).toBe(
        `*1\r\n$${length}\r\n${'x'.repeat(length)}\r\n`,
      );
  });

  it('takes long texts', () => {
    const text = 'return 1 '.repeat(500);
    expect(written(['EVAL', text]).toString()).toBe(`*2\r\n$4\r\nEVAL\r\n$${text.length}\r\n${text}\r\n`);
  });

  it('never writes again where it has handed bytes out, which may be on their way still', () => {
    const writer = new CommandWriter();
    const taken: Buffer[] = [];
    const copies: Buffer[] = [];
    for (let at = 0; at < 500; at += 1) {
      writer.add(['SET', `key-${at}`, Buffer.alloc(1000, String(at))]);
      const pieces = writer.take().map((piece) => piece as Buffer);
      taken.push(...pieces);
      copies.push(...pieces.map((piece) => Buffer.from(piece)));
    }
    expect(Buffer.concat(taken).equals(Buffer.concat(copies))).toBe(true);
  });

  it('copies no long argument', () => {
    const value = Buffer.alloc(100_000, 'v');
    const writer = new CommandWriter();
    writer.add(['SET', 'k', [Buffer.from('head'), value]]);
    expect(writer.take()).toContain(value);
  });

  it('hands out once what was added', () => {
    const writer = new CommandWriter();
    writer.add(['PING']);
    expect(writer.take()).toHaveLength(1);
    expect(writer.take()).toHaveLength(0);
  });
});
