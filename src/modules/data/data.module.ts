// Values by key, and the list of keys.
import { Module } from '@nestjs/common';
import { DataController } from './data.controller';
import { DataService } from './data.service';
import { KeyListing } from './key-listing';
import { KeysController } from './keys.controller';

@Module({ controllers: [DataController, KeysController], providers: [DataService, KeyListing] })
export class DataModule {}
