// Tests of the second engine are skipped where there is no server, and those of TLS where nothing
// makes certificates; `npm test` says so.
import { HAS_OPENSSL } from './certificates';
import { SERVER_PROGRAM } from './redis-server';

export const describeWithRedis = SERVER_PROGRAM === null ? describe.skip : describe;
export const describeWithTls = HAS_OPENSSL ? describeWithRedis : describe.skip;
