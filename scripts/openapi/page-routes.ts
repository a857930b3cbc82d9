// The description of what browsers load.
import { ApiParam, ApiResponse } from '@nestjs/swagger';
import { DocsController } from '../../src/modules/docs/docs.controller';
import { PagesController } from '../../src/modules/pages/pages.controller';
import { describeRoutes, emptyAnswer, headersNamed, schemaNamed, textAnswer } from './describe';

const HTML = '<!doctype html>...';
const PAGES = { tag: 'pages', anyQuery: true };
const FILE = ['ETag', 'Cache-Control'];
/** Packed for whoever can unpack it. */
const PACKED = [...FILE, 'Vary', 'Content-Encoding-If-Asked'];
const unchanged = emptyAnswer(304, 'The reader has it already.', FILE);
const packedUnchanged = emptyAnswer(304, 'The reader has it already.', [...FILE, 'Vary']);
const fileName = (example: string): MethodDecorator =>
  ApiParam({
    name: 'name',
    description: 'The name of the file.',
    schema: { type: 'string', examples: [example] },
  });

export function describePages(): void {
  describeRoutes(PagesController, PAGES, {
    fade: {
      id: 'getFade',
      summary: 'Fade, an ephemeral message board',
      description: 'HTML that reads and writes values on this node, and on a peer when this one ends.',
      parts: [page('The page, or a line of text without it.'), packedUnchanged],
    },
    dashboard: {
      id: 'getDashboard',
      summary: 'The nodes, what they hold and how they are',
      description: 'HTML that reads what this node and its peers tell of themselves.',
      parts: [page('The page, or a line of text without it.'), packedUnchanged],
    },
    asset: {
      id: 'getAsset',
      summary: 'A file of these pages',
      description: 'Script, style and icon. Its name changes with what is in it, so it may be kept for ever.',
      parts: [
        fileName('fade-a1b2c3d4.js'),
        files(PACKED, 'text/javascript', 'text/css', 'image/svg+xml', 'image/png'),
        packedUnchanged,
      ],
      problems: ['not-found'],
    },
  });
  describeRoutes(
    DocsController,
    { tag: 'pages' },
    {
      document: {
        id: 'getOpenApi',
        summary: 'This description',
        description: 'Generated with the build; what a node serves and what is described here is the same.',
        parts: [
          ApiResponse({
            status: 200,
            description: 'OpenAPI 3.1.',
            headers: headersNamed(...FILE),
            content: { 'application/json': { schema: schemaNamed('OpenApi') } },
          }),
          unchanged,
        ],
      },
    },
  );
  describeRoutes(DocsController, PAGES, {
    page: {
      id: 'getDocs',
      summary: 'This description, to read and to try',
      description: 'Swagger UI, served by this node alone.',
      parts: [
        textAnswer(200, 'Swagger UI.', { types: ['text/html'], example: HTML, headers: ['Cache-Control'] }),
      ],
    },
    part: {
      id: 'getDocsFile',
      summary: 'A file of the documentation page',
      description: 'What Swagger UI consists of; nothing comes from another host.',
      parts: [fileName('swagger-ui.css'), files(FILE, 'text/javascript', 'text/css', 'image/png'), unchanged],
      problems: ['not-found'],
    },
  });
}

function page(description: string): MethodDecorator {
  return textAnswer(200, description, { types: ['text/html', 'text/plain'], example: HTML, headers: PACKED });
}

function files(headers: readonly string[], ...mediaTypes: string[]): MethodDecorator {
  const content = Object.fromEntries(mediaTypes.map((type) => [type, { schema: {} }]));
  return ApiResponse({ status: 200, description: 'The file.', headers: headersNamed(...headers), content });
}
