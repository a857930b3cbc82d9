// Values by key, the list of keys, and the periodic sweep over all of them.
import { Module } from '@nestjs/common';
import type { NodeSettings } from '../../config/settings';
import { BodyReader } from '../../http/body-reader';
import { ClientLimits } from '../../http/limits/client-limits';
import { SETTINGS } from '../../runtime/tokens';
import { DataController } from './data.controller';
import { DataHandler } from './data.handler';
import { DataService } from './data.service';
import { KeyListing } from './key-listing';
import { KeysController } from './keys.controller';
import { SweepScheduler } from './sweep.scheduler';
import { WaitingReads } from './waiting-reads';
import { WriteQuotaService } from './write-quota.service';

@Module({
  controllers: [DataController, KeysController],
  providers: [
    DataHandler,
    DataService,
    KeyListing,
    WaitingReads,
    SweepScheduler,
    WriteQuotaService,
    {
      provide: BodyReader,
      inject: [SETTINGS, ClientLimits],
      useFactory: ({ valueBytesMax }: NodeSettings, { ledger, transfers, connections }: ClientLimits) =>
        new BodyReader({ valueBytesMax, ledger, transfers }, (socket) => connections.clientOf(socket)),
    },
  ],
  exports: [DataHandler, WriteQuotaService],
})
export class DataModule {}
