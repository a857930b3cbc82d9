// GET / and the files it loads: the Fade page, an ephemeral message board that talks to this same
// node.
import { Controller, Get, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { routedPath } from '../../http/answer-headers';
import { matchesEtag } from '../../http/etag';
import { sendProblem } from '../../http/problem';
import { type PageFile, readPageFiles } from './page-files';

/** The page shows what strangers stored: nothing but its own script and style may take effect. */
const PAGE_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

@Controller()
export class FadeController {
  private readonly files = readPageFiles();

  @Get()
  @RouteConfig({ parameters: 'any' })
  page(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const page = this.files.get('/');
    if (page === undefined)
      reply.type('text/plain; charset=utf-8').send('A REPRAM node without its Fade page.\n');
    else send(page, request, reply);
  }

  @Get('fade/:name')
  @RouteConfig({ parameters: 'any' })
  part(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const file = this.files.get(routedPath(request.raw));
    if (file === undefined) sendProblem(reply, 'not-found', 'The Fade page has no such file.');
    else send(file, request, reply);
  }
}

function send(file: PageFile, request: FastifyRequest, reply: FastifyReply): void {
  reply
    .header('content-security-policy', PAGE_POLICY)
    .header('cache-control', 'no-cache')
    .header('etag', file.etag);
  if (matchesEtag(request.headers['if-none-match'], file.etag)) reply.code(304).send();
  else reply.header('content-type', file.mediaType).send(file.bytes);
}
