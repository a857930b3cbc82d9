// PUT, GET and HEAD /data/{key}, and the same below /v1. These two handlers are the hot path. They
// parse by hand and answer on the reply itself, without pipes or interceptors. The key comes from
// the target as it was sent (src/http/request-target.ts).
import { Controller, Get, Inject, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BodyReader } from '../../http/body-reader';
import { ClientLimits } from '../../http/limits/client-limits';
import { sendProblem } from '../../http/problem';
import { givenText } from '../../http/given-text';
import { goAhead } from '../../http/expectation';
import { readParameters } from '../../http/query-string';
import { sentTarget, splitDataTarget } from '../../http/request-target';
import { INLINE_BYTES_MAX, type Metadata, type ReadRecord, type Version } from '../../runtime/data-engine';
import type { NodeView } from '../../runtime/node-view';
import { NODE_VIEW } from '../../runtime/tokens';
import { parseVersion } from '../../runtime/version-text';
import { answerValue, answerWritten, isConditional, wantsValue } from './data-answers';
import {
  answerDraining,
  answerOverQuota,
  answerUnmet,
  answerUnreadableKey,
  answerUnreceived,
} from './data-refusals';
import { readKey } from './data-key';
import { DataService } from './data.service';
import type { WriteCondition } from './write-condition';
import { WriteQuotaService } from './write-quota.service';
import { readWriteRequest, type WriteRequest } from './write-request';

/**
 * A body of this size is not received in vain: first the node looks whether its client has room for
 * it.
 */
const LOOK_FIRST_BYTES = 65_536;

const NO_PARAMETERS: readonly never[] = [];

@Controller(['data', 'v1/data'])
export class DataController {
  constructor(
    private readonly data: DataService,
    private readonly bodies: BodyReader,
    private readonly quota: WriteQuotaService,
    private readonly limits: ClientLimits,
    @Inject(NODE_VIEW) private readonly view: NodeView,
  ) {}

  @Get('*')
  read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void | Promise<void> {
    const { encodedKey, query } = splitDataTarget(sentTarget(request.raw));
    const key = readKey(encodedKey, this.data.keyBytesMax);
    if (key.kind !== 'key') {
      answerUnreadableKey(reply, key, this.data.keyBytesMax);
      return;
    }
    const parameters = readParameters(query, NO_PARAMETERS);
    if (parameters.kind === 'invalid') {
      sendProblem(reply, 'query-invalid', parameters.problem);
      return;
    }
    const minVersionText = request.headers['x-repram-min-version'];
    const minVersion = minVersionText === undefined ? undefined : parseVersion(String(minVersionText));
    if (minVersion === null) {
      sendProblem(
        reply,
        'version-invalid',
        `X-Repram-Min-Version takes what a PUT answered in X-Repram-Version (given: ${givenText(String(minVersionText))}).`,
      );
      return;
    }
    const isDescribed = request.method === 'HEAD' || isConditional(request.headers);
    const found = isDescribed
      ? this.data.describe(key.bytes, minVersion)
      : this.data.read(key.bytes, minVersion);
    if (found instanceof Promise) {
      return found
        .then((record) => this.valueIfWanted(request, record, key.bytes, minVersion))
        .then((record) => this.answerRead(request, reply, record, key.bytes, false));
    }
    this.answerRead(request, reply, found, key.bytes, true);
  }

  /** A peer told of the value: whether its bytes are needed too shows only now. */
  private valueIfWanted(
    { method, headers }: FastifyRequest,
    found: ReadRecord | Metadata | null,
    key: Uint8Array,
    minVersion: Version | undefined,
  ): ReadRecord | Metadata | null | Promise<ReadRecord | null> {
    const isWhole = found === null || 'value' in found;
    return isWhole || method === 'HEAD' || !wantsValue(found, headers)
      ? found
      : this.data.read(key, minVersion);
  }

  private answerRead(
    request: FastifyRequest,
    reply: FastifyReply,
    record: ReadRecord | Metadata | null,
    key: Uint8Array,
    isStored: boolean,
  ): void {
    if (record === null) {
      sendProblem(reply, 'key-absent', 'It was never written here, or it has expired.');
      return;
    }
    answerValue(reply, record, this.data.remainingMs(record), request.headers);
    if (!('value' in record)) return;
    this.limits.answers.noteValue(reply.raw, record.value, () => ({
      key: Buffer.from(key).toString('utf8'),
      // A small value is a copy for this reader alone.
      version: isStored && record.value.byteLength > INLINE_BYTES_MAX ? record.version : null,
    }));
  }

  @Put('*')
  async write(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const asked = this.understand(request, reply);
    if (
      asked === null ||
      (asked.condition !== null && !(await this.isMet(asked.key, asked.condition, reply)))
    ) {
      this.bodies.discard(request.raw);
      return;
    }
    const declaredBytes = Number(request.headers['content-length'] ?? 0);
    const refusal = declaredBytes < LOOK_FIRST_BYTES ? null : this.quota.look(request, asked, declaredBytes);
    if (refusal !== null) {
      answerOverQuota(reply, refusal);
      this.bodies.discard(request.raw);
      return;
    }
    const body = await this.bodies.receive(request.raw, goAhead(request, reply));
    if (typeof body === 'string') {
      answerUnreceived(reply, body, this.data.valueBytesMax);
      return;
    }
    const { key, ttlSeconds, level, condition } = asked;
    if (condition !== null) await this.data.settle(key);
    const grant = this.quota.take(request, asked, body.length);
    if (grant.kind === 'refused') {
      answerOverQuota(reply, grant);
      return;
    }
    const outcome = await this.data.write(key, body, ttlSeconds, level, condition);
    if (outcome.kind !== 'held' && outcome.kind !== 'stored') grant.refund();
    if (outcome.kind === 'unmet' || outcome.kind === 'undecided') answerUnmet(reply, outcome);
    else answerWritten(reply, outcome, ttlSeconds, this.view.identity().id);
  }

  /**
   * Judged once before the body is asked for, so that it need not come. False when the answer was
   * that it is not met.
   */
  private async isMet(key: Uint8Array, condition: WriteCondition, reply: FastifyReply): Promise<boolean> {
    await this.data.settle(key);
    const unmet = this.data.judge(key, condition);
    if (unmet !== null) answerUnmet(reply, unmet);
    return unmet === null;
  }

  /** The write that was asked for; null when it was answered with what is wrong about it. */
  private understand(request: FastifyRequest, reply: FastifyReply): WriteRequest | null {
    if (this.data.draining()) {
      answerDraining(reply);
      return null;
    }
    const asked = readWriteRequest(sentTarget(request.raw), request.headers, this.data);
    switch (asked.kind) {
      case 'write':
        return asked;
      case 'key':
        answerUnreadableKey(reply, asked.reading, this.data.keyBytesMax);
        return null;
      case 'refused':
        sendProblem(reply, asked.code, asked.detail);
        return null;
    }
  }
}
