import {
  GetDataLakeSettingsCommand,
  LakeFormationClient,
  PutDataLakeSettingsCommand,
} from '@aws-sdk/client-lakeformation';
import type { ResourceRequest } from '../shared/answer-cloudformation';
import { configureDataLake } from './configure-data-lake';

const client = new LakeFormationClient();

export const handler = (request: ResourceRequest): Promise<void> =>
  configureDataLake(request, {
    getSettings: async () => (await client.send(new GetDataLakeSettingsCommand())).DataLakeSettings ?? {},
    putSettings: async (settings) => {
      await client.send(new PutDataLakeSettingsCommand({ DataLakeSettings: settings }));
    },
  });
