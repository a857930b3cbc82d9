// PUT, GET and HEAD /data/{key}, and the same below /v1. These two handlers are the hot path: they parse by hand and answer on the reply
// itself, without pipes or interceptors. The key comes from the target as it was sent (src/http/request-target.ts).
import { Controller, Get, Inject, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BodyReader } from '../../http/body-reader';
import { ClientLimits } from '../../http/limits/client-limits';
import { sendProblem } from '../../http/problem';
import { queryParameter } from '../../http/query-string';
import { sentTarget, splitDataTarget } from '../../http/request-target';
import type { ReadRecord, WriteLevel } from '../../runtime/data-engine';
import type { NodeView } from '../../runtime/node-view';
import { NODE_VIEW } from '../../runtime/tokens';
import { parseVersion } from '../../runtime/version-text';
import { answerValue, answerWritten } from './data-answers';
import { answerDraining, answerOverQuota, answerUnreadableKey, answerUnreceived } from './data-refusals';
import { readKey } from './data-key';
import { DataService } from './data.service';
import { readTtl, ttlAdvice } from './ttl';
import { readWriteLevel } from './write-level';
import { WriteQuotaService } from './write-quota.service';

/** A body of this size is not received for nothing: whether its client has room for it is looked at before. */
const LOOK_FIRST_BYTES = 65_536;

/** What a write asks for, understood before a byte of its value is read. */
interface WriteRequest {
  readonly key: Uint8Array;
  readonly ttlSeconds: number;
  readonly level: WriteLevel;
}

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
    const { encodedKey } = splitDataTarget(sentTarget(request.raw));
    const key = readKey(encodedKey, this.data.keyBytesMax);
    if (key.kind !== 'key') {
      answerUnreadableKey(reply, key, this.data.keyBytesMax);
      return;
    }
    const minVersionText = request.headers['x-repram-min-version'];
    const minVersion = minVersionText === undefined ? undefined : parseVersion(String(minVersionText));
    if (minVersion === null) {
      sendProblem(
        reply,
        'version-invalid',
        'X-Repram-Min-Version takes what a PUT answered in X-Repram-Version.',
      );
      return;
    }
    const found = this.data.read(key.bytes, minVersion);
    if (found instanceof Promise) {
      return found.then((record) => this.answerRead(request, reply, record, key.bytes, false));
    }
    this.answerRead(request, reply, found, key.bytes, true);
  }

  private answerRead(
    request: FastifyRequest,
    reply: FastifyReply,
    record: ReadRecord | null,
    key: Uint8Array,
    isStored: boolean,
  ): void {
    if (record === null) {
      sendProblem(reply, 'key-absent', 'It was never written here, or it has expired.');
      return;
    }
    answerValue(reply, record, this.data.remainingMs(record), request.headers['if-none-match']);
    this.limits.answers.noteValue(reply.raw, record.value, () => ({
      key: Buffer.from(key).toString('utf8'),
      version: isStored ? record.version : null,
    }));
  }

  @Put('*')
  async write(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const asked = this.understand(request, reply);
    if (asked === null) {
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
    const body = await this.bodies.receive(request.raw);
    if (typeof body === 'string') {
      answerUnreceived(reply, body, this.data.valueBytesMax);
      return;
    }
    const grant = this.quota.take(request, asked, body.length);
    if (grant.kind === 'refused') {
      answerOverQuota(reply, grant);
      return;
    }
    const outcome = await this.data.write(asked.key, body, asked.ttlSeconds, asked.level);
    if (outcome.kind !== 'held' && outcome.kind !== 'stored') grant.refund();
    answerWritten(reply, outcome, asked.ttlSeconds, this.view.identity().id);
  }

  /** The write that was asked for; null when it was answered with what is wrong about it. */
  private understand(request: FastifyRequest, reply: FastifyReply): WriteRequest | null {
    if (this.data.draining()) {
      answerDraining(reply);
      return null;
    }
    const { encodedKey, query } = splitDataTarget(sentTarget(request.raw));
    const key = readKey(encodedKey, this.data.keyBytesMax);
    if (key.kind !== 'key') {
      answerUnreadableKey(reply, key, this.data.keyBytesMax);
      return null;
    }
    const ttlHeader = request.headers['x-ttl'] as string | undefined;
    const ttl = readTtl(queryParameter(query, 'ttl'), ttlHeader, this.data.ttlRules);
    if (ttl.kind === 'invalid') {
      sendProblem(reply, 'ttl-invalid', ttlAdvice(ttl.given, this.data.ttlRules));
      return null;
    }
    const level = readWriteLevel(queryParameter(query, 'w'));
    if (level === null) {
      sendProblem(reply, 'level-invalid', 'w takes 1, quorum or all.');
      return null;
    }
    return { key: key.bytes, ttlSeconds: ttl.seconds, level };
  }
}
