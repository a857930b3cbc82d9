// Answers GET, HEAD and PUT of values, on Node.js's own request and response. All requests for
// values end here, whether the router led them or the data lane (src/http/data-lane.ts) took them
// before it: so it makes no difference which. The key comes from the target as it was sent
// (src/http/request-target.ts).
import { Inject, Injectable } from '@nestjs/common';
import type { Log } from '../../adapters/log';
import { type Answer, type AnswerTarget, type Refusal, write } from '../../http/answer';
import { BodyReader } from '../../http/body-reader';
import type { ValueRequest } from '../../http/data-lane';
import type { RequestHead } from '../../http/exchange';
import { failureRefusal } from '../../http/failure';
import { ClientLimits } from '../../http/limits/client-limits';
import { hasHungUp } from '../../http/hung-up';
import { givenText } from '../../http/given-text';
import { goAhead } from '../../http/expectation';
import { PlainRequest } from '../../http/plain/plain-request';
import { ProblemCounts } from '../../http/problem-counts';
import { parameterReader } from '../../http/query-string';
import { sentTarget, splitDataTarget } from '../../http/request-target';
import {
  INLINE_BYTES_MAX,
  KEY_BYTES_MAX,
  type Metadata,
  type ReadRecord,
  type Version,
} from '../../runtime/data-engine';
import type { NodeView } from '../../runtime/node-view';
import { LOG, NODE_VIEW } from '../../runtime/tokens';
import { parseVersion } from '../../runtime/version-text';
import { isConditional, valueAnswer, wantsValue, writtenAnswer } from './data-answers';
import { absent, draining, overQuota, unattended, unmet, unreadableKey, unreceived } from './data-refusals';
import { DataService, unanswered, type WriteOutcome } from './data.service';
import { readStatedKey } from './stated-key';
import { readWaitMs, waitRule } from './wait';
import { WaitingReadsService } from './waiting-reads.service';
import type { WriteCondition } from './write-condition';
import { type Granted, WriteQuotaService } from './write-quota.service';
import { readWriteRequest, type WriteRequest } from './write-request';

/**
 * A body of this size is not received in vain: first the node looks whether its client has room for
 * it.
 */
const LOOK_FIRST_BYTES = 65_536;

const readParameters = parameterReader(['wait']);
/** For the log. */
const ROUTE = '/data/*';

interface ReadRequest {
  readonly key: Uint8Array;
  readonly minVersion: Version | undefined;
  /** 0 = answer at once. */
  readonly waitMs: number;
}

@Injectable()
export class DataHandler {
  constructor(
    private readonly data: DataService,
    private readonly waiting: WaitingReadsService,
    private readonly bodies: BodyReader,
    private readonly quota: WriteQuotaService,
    private readonly limits: ClientLimits,
    private readonly problems: ProblemCounts,
    @Inject(NODE_VIEW) private readonly view: NodeView,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** GET and HEAD: Node.js itself leaves the body out of answers to HEAD. */
  read(request: ValueRequest, response: AnswerTarget): void {
    try {
      const asked = this.understandRead(request);
      if ('code' in asked) {
        this.write(response, asked);
        return;
      }
      this.data.noteRead();
      const found = this.find(request, response, asked);
      if (!(found instanceof Promise)) {
        this.answerRead(request, response, found, asked.key, true);
        return;
      }
      found
        .then((record) => {
          const wanted = this.valueIfWanted(request, record, asked);
          if (!(wanted instanceof Promise)) {
            this.answerRead(request, response, wanted, asked.key, false);
            return;
          }
          return wanted.then((value) => this.answerRead(request, response, value, asked.key, false));
        })
        .catch((error: unknown) => this.fail(request, response, error));
    } catch (error) {
      this.fail(request, response, error);
    }
  }

  private find(
    request: ValueRequest,
    response: AnswerTarget,
    { key, minVersion, waitMs }: ReadRequest,
  ): ReadRecord | Metadata | null | Promise<ReadRecord | Metadata | null> {
    const isDescribed = request.method === 'HEAD' || isConditional(request.headers);
    if (waitMs > 0) return this.waiting.read({ key, minVersion, waitMs, isDescribed, response });
    return isDescribed
      ? this.data.describe(key, minVersion)
      : this.data.read(key, minVersion, request.socket);
  }

  put(request: ValueRequest, response: AnswerTarget): void {
    const failed = (error: unknown): void => {
      if (!request.complete) this.bodies.discard(request);
      this.fail(request, response, error);
    };
    try {
      const asked = this.understandWrite(request);
      if ('code' in asked) this.refuse(request, response, asked);
      else if (waitsForNothing(request, asked)) this.storeAtOnce(request, response, asked, failed);
      else this.receive(request, response, asked).catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  private understandRead(request: RequestHead): ReadRequest | Refusal {
    const { encodedKey, query } = splitDataTarget(sentTarget(request));
    // Another node may take longer keys from its clients than this one does.
    const key = readStatedKey(encodedKey, request.headers, KEY_BYTES_MAX);
    if (key.kind !== 'key') return unreadableKey(key, KEY_BYTES_MAX);
    const parameters = readParameters(query);
    if (parameters.kind === 'invalid') return { code: 'query-invalid', detail: parameters.problem };
    const minVersionText = request.headers['x-repram-min-version'];
    const minVersion = minVersionText === undefined ? undefined : parseVersion(String(minVersionText));
    const { wait } = parameters.values;
    const waitMs = wait === undefined ? 0 : readWaitMs(wait);
    if (waitMs === null) return { code: 'query-invalid', detail: waitRule(wait) };
    if (minVersion !== null) return { key: key.bytes, minVersion, waitMs };
    const detail = `X-Repram-Min-Version takes what a PUT answered in X-Repram-Version (given: ${givenText(String(minVersionText))}).`;
    return { code: 'version-invalid', detail };
  }

  /** A peer told of the value: whether its bytes are needed too shows only now. */
  private valueIfWanted(
    { method, headers, socket }: RequestHead,
    found: ReadRecord | Metadata | null,
    { key, minVersion }: ReadRequest,
  ): ReadRecord | Metadata | null | Promise<ReadRecord | null> {
    const isWhole = found === null || 'value' in found;
    return isWhole || method === 'HEAD' || !wantsValue(found, headers)
      ? found
      : this.data.read(key, minVersion, socket);
  }

  private answerRead(
    request: ValueRequest,
    response: AnswerTarget,
    record: ReadRecord | Metadata | null,
    key: Uint8Array,
    isStored: boolean,
  ): void {
    if (record === null) {
      this.write(response, absent(request.headers['x-repram-min-version'] !== undefined));
      return;
    }
    this.write(response, valueAnswer(record, this.data.remainingMs(record), request.headers));
    if (!('value' in record)) return;
    this.limits.answers.noteValue(response, record.value, () => ({
      key: Buffer.from(key).toString('utf8'),
      // A small value is a copy for this reader alone.
      version: isStored && record.value.byteLength > INLINE_BYTES_MAX ? record.version : null,
    }));
  }

  /** What `receive` does, where there is nothing to wait for but the engine. */
  private storeAtOnce(
    request: PlainRequest,
    response: AnswerTarget,
    asked: WriteRequest,
    failed: (error: unknown) => void,
  ): void {
    const { key, ttlSeconds, level } = asked;
    const body = this.bodies.atHand(request);
    if (typeof body === 'string') {
      this.write(response, unreceived(body, this.data.valueBytesMax));
      return;
    }
    const grant = this.quota.take(request, asked, body.length);
    if (grant.kind === 'refused') this.write(response, overQuota(grant));
    else {
      this.data
        .write(key, body, ttlSeconds, level, null)
        .then((outcome) => this.write(response, this.answerWrite(outcome, ttlSeconds, grant)))
        .catch(failed);
    }
  }

  private async receive(request: ValueRequest, response: AnswerTarget, asked: WriteRequest): Promise<void> {
    const { key, condition } = asked;
    const unmetCondition = condition === null ? null : await this.unmetBy(key, condition);
    const refusal = unmetCondition ?? this.unwanted(request, asked);
    if (refusal !== null) {
      this.refuse(request, response, refusal);
      return;
    }
    const body = await this.bodies.receive(request, goAhead(request, response));
    if (typeof body === 'string') this.write(response, unreceived(body, this.data.valueBytesMax));
    else this.write(response, await this.store(request, asked, body));
  }

  private understandWrite(request: ValueRequest): WriteRequest | Refusal {
    if (this.data.draining()) return draining();
    const asked = readWriteRequest(sentTarget(request), request.headers, this.data);
    switch (asked.kind) {
      case 'write':
        return asked;
      case 'key':
        return unreadableKey(asked.reading, this.data.keyBytesMax);
      case 'refused':
        return { code: asked.code, detail: asked.detail };
    }
  }

  /** Judged once before the body is asked for, so that it need not come. */
  private async unmetBy(key: Uint8Array, condition: WriteCondition): Promise<Refusal | null> {
    const judged = await this.data.judge(key, condition);
    return judged === null ? null : unmet(judged);
  }

  /** A large body whose client has no room for it. */
  private unwanted(request: ValueRequest, asked: WriteRequest): Refusal | null {
    const declaredBytes = Number(request.headers['content-length'] ?? 0);
    const refused = declaredBytes < LOOK_FIRST_BYTES ? null : this.quota.look(request, asked, declaredBytes);
    return refused === null ? null : overQuota(refused);
  }

  private async store(request: ValueRequest, asked: WriteRequest, body: Buffer): Promise<Answer | Refusal> {
    const { key, ttlSeconds, level, condition, isAttended } = asked;
    if (isAttended && (await hasHungUp(request.socket))) return unattended();
    const grant = this.quota.take(request, asked, body.length);
    if (grant.kind === 'refused') return overQuota(grant);
    const outcome = await this.data.write(key, body, ttlSeconds, level, condition);
    return this.answerWrite(outcome, ttlSeconds, grant);
  }

  private answerWrite(outcome: WriteOutcome, ttlSeconds: number, grant: Granted): Answer | Refusal {
    if (outcome.kind !== 'held' && outcome.kind !== 'stored') grant.refund();
    if (outcome.kind === 'undecided') throw unanswered(outcome.because);
    if (outcome.kind === 'unmet') return unmet(outcome);
    return writtenAnswer(outcome, ttlSeconds, this.view.identity().id);
  }

  /** Without its body, which is read and thrown away. */
  private refuse(request: ValueRequest, response: AnswerTarget, refusal: Refusal): void {
    this.bodies.discard(request);
    this.write(response, refusal);
  }

  private write(response: AnswerTarget, answer: Answer | Refusal): void {
    if (!response.headersSent) write(response, answer, this.problems);
  }

  private fail(request: ValueRequest, response: AnswerTarget, thrown: unknown): void {
    const where = { method: request.method, route: ROUTE };
    this.write(response, failureRefusal(thrown, where, this.log));
  }
}

/** Its value is here, and nothing has to be asked before it is stored. */
function waitsForNothing(
  request: ValueRequest,
  { condition, isAttended }: WriteRequest,
): request is PlainRequest {
  return request instanceof PlainRequest && condition === null && !isAttended;
}
