// Query parameters of GET /keys and GET /scan. KeyListing checks lengths that depend on settings.
import { Transform } from 'class-transformer';
import { WhenGiven } from '../../http/query-validation';
import { IsInt, IsString, Matches, Max, Min } from 'class-validator';

export const LIMIT_MAX = 100_000;

const LIMIT_RULE = { message: `limit must be a whole number from 1 to ${LIMIT_MAX}, given once` };
const PREFIX_RULE = { message: 'prefix must be percent-encoded UTF-8, given once' };
const CURSOR_RULE = { message: 'cursor must be the next_cursor of an earlier answer, given once' };

function wholeNumber(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

export class ScanQuery {
  @WhenGiven()
  @IsString(PREFIX_RULE)
  prefix?: string;

  @WhenGiven()
  @Transform(({ value }) => wholeNumber(value))
  @IsInt(LIMIT_RULE)
  @Min(1, LIMIT_RULE)
  @Max(LIMIT_MAX, LIMIT_RULE)
  limit?: number;
}

/** What each route takes; the router refuses the rest (src/http/unknown-parameters.ts). */
export const SCAN_PARAMETERS = ['prefix', 'limit'];
export const KEYS_PARAMETERS = [...SCAN_PARAMETERS, 'cursor'];

export class KeysQuery extends ScanQuery {
  @WhenGiven()
  @Matches(/^[A-Za-z0-9_-]+$/, CURSOR_RULE)
  cursor?: string;
}

const KEY_RULE = { message: 'cursor must be the last key of an earlier answer, given once' };

export class V1KeysQuery extends ScanQuery {
  @WhenGiven()
  @IsString(KEY_RULE)
  cursor?: string;
}
