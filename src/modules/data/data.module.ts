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
import { WaitingReadsService } from './waiting-reads.service';
import { WriteQuotaService } from './write-quota.service';

@Module({
  controllers: [DataController, KeysController],
  providers: [
    DataHandler,
    DataService,
    KeyListing,
    WaitingReadsService,
    SweepScheduler,
    WriteQuotaService,
    {
      provide: BodyReader,
      inject: [SETTINGS, ClientLimits],
      useFactory: (settings: NodeSettings, { ledger, transfers, connections }: ClientLimits) => {
        const { valueBytesMax, countsAddresses } = settings;
        const limits = { valueBytesMax, ledger, transfers, countsAddresses };
        return new BodyReader(limits, (socket) => connections.clientOf(socket));
      },
    },
  ],
  exports: [DataHandler, WaitingReadsService, WriteQuotaService],
})
export class DataModule {}
