import * as z from 'zod';
import { agreementSchema } from './agreement';

/** The agreement's JSON Schema (draft 2020-12), by which an editor completes and checks the file while it is written. */
export function buildAgreementJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(agreementSchema, {
    io: 'input',
    target: 'draft-2020-12',
    // zod's names for address ranges are no formats of JSON Schema; the patterns beside them say the same.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format?.startsWith('cidr')) delete jsonSchema.format;
    },
  });
  return {
    $schema,
    $id: 'https://barter-room.example/agreement.schema.json',
    title: 'Barter agreement',
    description: 'Who barters which data with whom, how it is treated, and for what it may be used.',
    ...schema,
  };
}
