// Serves the Fade page.
import { Module } from '@nestjs/common';
import { FadeController } from './fade.controller';

@Module({ controllers: [FadeController] })
export class FadeModule {}
