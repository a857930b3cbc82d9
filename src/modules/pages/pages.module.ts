// Serves the pages for browsers.
import { Module } from '@nestjs/common';
import { PageFiles } from './page-files';
import { PagesController } from './pages.controller';

@Module({
  controllers: [PagesController],
  providers: [{ provide: PageFiles, useFactory: () => new PageFiles() }],
})
export class PagesModule {}
