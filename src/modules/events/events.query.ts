// Query parameters of GET /events.
import { Transform } from 'class-transformer';
import { ArrayNotEmpty, ArrayUnique, IsIn, IsString, Matches } from 'class-validator';
import { WhenGiven } from '../../http/query-validation';

export const EVENT_TYPES = ['put', 'expire', 'member'] as const;
export type EventType = (typeof EVENT_TYPES)[number];
/** Where a stream begins that tells first of all that there is. */
export const FROM_START = 'start';

const PREFIX_RULE = { message: 'prefix must be percent-encoded UTF-8, given once' };
const TYPES_RULE = {
  message: `types must be some of ${EVENT_TYPES.join(', ')}, each once, with commas between them, given once`,
};
const VALUES_RULE = { message: 'values must be 0 or 1, given once' };
const SINCE_RULE = { message: `since must be ${FROM_START}, or the id of an event, given once` };

/** A parameter that is no text: no list of types either, and shown as it was given. */
class NoList {
  private readonly text: string;

  constructor(given: unknown) {
    this.text = JSON.stringify(given);
  }

  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

function typesOf(given: unknown): readonly string[] | NoList {
  return typeof given === 'string' ? given.split(',') : new NoList(given);
}

export class EventsQuery {
  @WhenGiven()
  @IsString(PREFIX_RULE)
  prefix?: string;

  @WhenGiven()
  @Transform(({ obj, key }) => typesOf((obj as Record<string, unknown>)[key]))
  @ArrayNotEmpty(TYPES_RULE)
  @ArrayUnique(TYPES_RULE)
  @IsIn(EVENT_TYPES, { ...TYPES_RULE, each: true })
  types?: EventType[];

  @WhenGiven()
  @IsIn(['0', '1'], VALUES_RULE)
  values?: string;

  @WhenGiven()
  @Matches(/^[A-Za-z0-9_-]{1,8192}$/, SINCE_RULE)
  since?: string;
}

export const EVENTS_PARAMETERS = ['prefix', 'types', 'values', 'since'];
