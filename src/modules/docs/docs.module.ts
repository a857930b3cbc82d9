// The description of the API, for programs and for people.
import { Module } from '@nestjs/common';
import { DocsController } from './docs.controller';
import { DocsFiles } from './docs-files';

@Module({ controllers: [DocsController], providers: [DocsFiles] })
export class DocsModule {}
