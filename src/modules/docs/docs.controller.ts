// GET /openapi.json, the description of this API that the build generates, and GET /docs, Swagger
// UI that shows it. Nothing of either is in memory until a client asks. The page asks no other host
// for anything.
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { matchesEtag } from '../../http/etag';
import { sendProblem } from '../../http/problem';
import { DOCUMENT_FILE, DocsFiles, PAGE, pagePart } from './docs-files';

/** The page runs Swagger UI's own files. They draw icons from data: URLs and call this node. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

@Controller()
export class DocsController {
  constructor(private readonly files: DocsFiles) {}

  @Get('openapi.json')
  document(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answerFile(DOCUMENT_FILE, 'application/json', request, reply);
  }

  @Get('docs')
  @RouteConfig({ parameters: 'any' })
  page(@Res() reply: FastifyReply): void {
    reply
      .header('content-security-policy', PAGE_POLICY)
      .header('content-type', 'text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(PAGE);
  }

  @Get('docs/:name')
  @RouteConfig({ parameters: 'any' })
  async part(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const part = pagePart(name);
    if (part === null) sendProblem(reply, 'not-found', 'The documentation page has no such file.');
    else if ('text' in part) reply.header('content-type', part.mediaType).send(part.text);
    else await this.answerFile(part.path, part.mediaType, request, reply);
  }

  private async answerFile(
    path: string,
    mediaType: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const file = await this.files.read(path, (etag) => !matchesEtag(request.headers['if-none-match'], etag));
    if (file === null) {
      sendProblem(reply, 'not-found', 'This node was built without its documentation.');
      return;
    }
    reply.header('cache-control', 'no-cache').header('etag', file.etag);
    if (file.bytes === null) reply.code(304).send();
    else reply.header('content-type', mediaType).send(file.bytes);
  }
}
