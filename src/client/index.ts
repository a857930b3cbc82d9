// The client of REPRAM, for browsers and programs (docs/client.md). It needs fetch and Web Streams,
// and nothing else.
export { Repram } from './repram';
export { CLIENT_CODES, PROBLEM_CODES, RepramError } from './errors';
export type { ClientCode, Problem, ProblemCode, RepramErrorCode, RepramErrorDetails } from './errors';
export type {
  CaughtUpChange,
  Change,
  Digest,
  ExpireChange,
  Figures,
  MemberChange,
  MemberState,
  Metadata,
  PeerReport,
  Peers,
  PutChange,
  ResyncChange,
  Status,
  Stored,
  StreamedValue,
  Value,
} from './answers';
export type {
  AesKey,
  CallOptions,
  ChangeType,
  EncryptionKey,
  GetOptions,
  Key,
  KeysOptions,
  Progress,
  PutOptions,
  RepramOptions,
  ValueSource,
  WatchOptions,
  WriteLevel,
} from './options';
