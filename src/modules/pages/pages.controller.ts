// GET / (Fade, an ephemeral message board), GET /dashboard and the files that both load. They talk
// to this same node, and to its peers when it ends.
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { preferredEncoding } from '../../http/accept-encoding';
import { matchesEtag } from '../../http/etag';
import { sendProblem } from '../../http/problem';
import { PageFiles } from './page-files';

/**
 * The pages show what strangers stored: nothing but their own script and style may take effect.
 * They may ask any node, because the peers' addresses are known only while they run.
 */
const PAGE_POLICY =
  "default-src 'self'; connect-src 'self' http: https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The build names these files by what is in them. */
const NEVER_CHANGES = 'public, max-age=31536000, immutable';

@Controller()
export class PagesController {
  constructor(private readonly files: PageFiles) {}

  @Get()
  @RouteConfig({ parameters: 'any' })
  fade(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.page('fade/index.html', request, reply);
  }

  @Get('dashboard')
  @RouteConfig({ parameters: 'any' })
  dashboard(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.page('dashboard/index.html', request, reply);
  }

  @Get('assets/:name')
  @RouteConfig({ parameters: 'any' })
  async asset(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = `assets/${name}`;
    if (!this.files.has(path)) sendProblem(reply, 'not-found', 'The pages load no such file.');
    else await this.send(path, NEVER_CHANGES, request, reply);
  }

  private async page(path: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (this.files.has(path)) await this.send(path, 'no-cache', request, reply);
    else reply.type('text/plain; charset=utf-8').send('A REPRAM node without its pages.\n');
  }

  private async send(
    path: string,
    cacheControl: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const encoding = preferredEncoding(encodingsAccepted(request), this.files.encodingsOf(path));
    const file = await this.files.read(path, encoding);
    reply
      .header('content-security-policy', PAGE_POLICY)
      .header('cache-control', cacheControl)
      .header('vary', 'Accept-Encoding')
      .header('etag', file.etag);
    if (matchesEtag(request.headers['if-none-match'], file.etag)) {
      reply.code(304).send();
      return;
    }
    if (encoding !== null) reply.header('content-encoding', encoding);
    reply.header('content-type', file.mediaType).send(file.bytes);
  }
}

/** Several lines of the header are one list. */
function encodingsAccepted({ headers }: FastifyRequest): string | undefined {
  const given: string | string[] | undefined = headers['accept-encoding'];
  return Array.isArray(given) ? given.join(',') : given;
}
