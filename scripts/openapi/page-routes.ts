// The description of what browsers load.
import { ApiParam, ApiResponse } from '@nestjs/swagger';
import { DocsController } from '../../src/modules/docs/docs.controller';
import { FadeController } from '../../src/modules/fade/fade.controller';
import { describeRoutes, emptyAnswer, headersNamed, schemaNamed, textAnswer } from './describe';

const HTML = '<!doctype html>...';
const PAGES = { tag: 'pages', limited: true };
const unchanged = emptyAnswer(304, 'The reader has it already.', ['ETag']);
const fileName = (example: string): MethodDecorator =>
  ApiParam({ name: 'name', schema: { type: 'string', examples: [example] } });

export function describePages(): void {
  describeRoutes(FadeController, PAGES, {
    page: {
      id: 'getFade',
      summary: 'Fade, an ephemeral message board',
      parts: [
        textAnswer(200, 'The page, or a line of text without it.', {
          types: ['text/html', 'text/plain'],
          example: HTML,
        }),
        unchanged,
      ],
    },
    part: {
      id: 'getFadeFile',
      summary: 'A file of the Fade page',
      parts: [fileName('fade.js'), files('text/javascript', 'text/css', 'image/svg+xml'), unchanged],
      problems: ['not-found'],
    },
  });
  describeRoutes(DocsController, PAGES, {
    document: {
      id: 'getOpenApi',
      summary: 'This description',
      parts: [
        ApiResponse({
          status: 200,
          description: 'OpenAPI 3.1.',
          headers: headersNamed('ETag'),
          content: { 'application/json': { schema: schemaNamed('OpenApi') } },
        }),
        unchanged,
      ],
    },
    page: {
      id: 'getDocs',
      summary: 'This description, to read and to try',
      parts: [textAnswer(200, 'Swagger UI.', { types: ['text/html'], example: HTML })],
    },
    part: {
      id: 'getDocsFile',
      summary: 'A file of the documentation page',
      parts: [fileName('swagger-ui.css'), files('text/javascript', 'text/css', 'image/png'), unchanged],
      problems: ['not-found'],
    },
  });
}

function files(...mediaTypes: string[]): MethodDecorator {
  const content = Object.fromEntries(mediaTypes.map((type) => [type, { schema: {} }]));
  return ApiResponse({ status: 200, description: 'The file.', headers: headersNamed('ETag'), content });
}
