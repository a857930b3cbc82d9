// Values by key, and the list of keys.
import { Module } from '@nestjs/common';
import type { NodeSettings } from '../../config/settings';
import { BodyBudget, bodyBudgetBytes } from '../../http/body-budget';
import { BodyReader } from '../../http/body-reader';
import { SETTINGS } from '../../runtime/tokens';
import { DataController } from './data.controller';
import { DataService } from './data.service';
import { KeyListing } from './key-listing';
import { KeysController } from './keys.controller';
import { WriteQuotaService } from './write-quota.service';

@Module({
  controllers: [DataController, KeysController],
  providers: [
    DataService,
    KeyListing,
    WriteQuotaService,
    {
      provide: BodyReader,
      inject: [SETTINGS],
      useFactory: ({ storageBytesMax, valueBytesMax }: NodeSettings) =>
        new BodyReader(valueBytesMax, new BodyBudget(bodyBudgetBytes(storageBytesMax, valueBytesMax))),
    },
  ],
  exports: [WriteQuotaService],
})
export class DataModule {}
