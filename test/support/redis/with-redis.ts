// Tests of the second engine are skipped where there is no server; `npm test` says so.
import { SERVER_PROGRAM } from './redis-server';

export const describeWithRedis = SERVER_PROGRAM === null ? describe.skip : describe;
