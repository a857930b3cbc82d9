// What every command is given: its nodes, its outputs, and when to stop.
import { plainJson } from '../output/plain-json';
import type { CliEnvironment } from './environment';
import { LONGEST_TIMER, parseSeconds } from './input/duration';
import { printable } from './input/key';
import { chooseNodes, type NodeChoice } from './input/nodes';
import { painter, type Paint } from './output/paint';
import type { Streams } from './output/streams';

/** The options that every command has. */
export interface CommonOptions {
  readonly node?: string;
  readonly json?: boolean;
  readonly timeout?: string;
}

export interface Context {
  readonly environment: CliEnvironment;
  readonly nodes: NodeChoice;
  readonly isJson: boolean;
  /** Milliseconds that a whole operation may take. */
  readonly limitMs: number;
  /** Somebody has set it, so that it counts to the last byte of a value. */
  readonly isLimitGiven: boolean;
  readonly streams: Streams;
  readonly paint: Paint;
  /** Aborted by Ctrl-C, SIGTERM and SIGHUP. */
  readonly stop: AbortSignal;
  /** One line of standard output. */
  readonly line: (text: string) => Promise<void>;
  /** One JSON document, in one line. */
  readonly document: (value: unknown) => Promise<void>;
  /** A sentence for whoever watches; not with --json. */
  readonly note: (sentence: string) => void;
}

const LIMIT = '10s';

export interface Surroundings {
  readonly environment: CliEnvironment;
  readonly streams: Streams;
  readonly stop: AbortSignal;
}

export function createContext(options: CommonOptions, surroundings: Surroundings): Context {
  const { environment, streams, stop } = surroundings;
  const isJson = options.json === true;
  const line = (text: string): Promise<void> => streams.write(`${text}\n`);
  return {
    environment,
    nodes: chooseNodes(options.node, environment),
    isJson,
    limitMs: parseSeconds('--timeout', options.timeout ?? LIMIT, LONGEST_TIMER) * 1000,
    isLimitGiven: options.timeout !== undefined,
    streams,
    paint: painter(environment.colors ?? streams.isTerminal),
    stop,
    line,
    document: (value) => line(plainJson(JSON.stringify(value))),
    note: (sentence) => {
      if (!isJson) streams.note(`repram: ${printable(sentence)}\n`);
    },
  };
}
