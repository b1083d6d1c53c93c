import * as z from 'zod';
import type { Delivery } from '../plan/plan';
import { strictMap, suggestWord } from './schema-parts';

const PLAIN_WAYS = ['data-grant', 'lake-formation', 'sftp', 'api', 'query-only'] as const;
const useVia = `Use one of ${PLAIN_WAYS.join(', ')}, { product: … }, { snowflake: … } or { gcs: … }.`;

const writeProduct = 'Write the id of the Data Exchange product, e.g. prod-abc123.';
const writeArn =
  'Write the ARN that Snowflake shows as STORAGE_AWS_IAM_USER_ARN, e.g. arn:aws:iam::111122223333:user/abc.';
const writeExternalId = 'Write the external id that Snowflake shows as STORAGE_AWS_EXTERNAL_ID.';
const writeBucket = 'Write the name of a bucket: 3 to 63 lower-case letters, digits, hyphens, underscores and dots.';
const writeSubject = 'Write the numeric id of Google\'s service account in quotes, e.g. "123456789012345678901".';

/** How a release reaches its receiver. */
export const deliverySchema = z
  .union(
    [
      z.enum(PLAIN_WAYS).transform((kind): Delivery => ({ kind })),
      strictMap(
        {
          product: strictMap(
            {
              productId: z
                .string(writeProduct)
                .regex(/^[A-Za-z0-9][A-Za-z0-9-]{2,99}$/, writeProduct)
                .describe(writeProduct),
            },
            'Write { productId: prod-abc123 }.',
          )
            .optional()
            .describe('A product of AWS Data Exchange.'),
          snowflake: strictMap(
            {
              storageAwsIamUserArn: z
                .string(writeArn)
                .regex(/^arn:aws[a-z-]*:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/, writeArn)
                .describe(writeArn),
              externalId: z
                .string(writeExternalId)
                .regex(/^[\w+=,.@:/-]{2,1224}$/, writeExternalId)
                .describe(writeExternalId),
            },
            'Write { storageAwsIamUserArn: …, externalId: … }.',
          )
            .optional()
            .describe('A storage integration of Snowflake.'),
          gcs: strictMap(
            {
              bucket: z
                .string(writeBucket)
                .regex(/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/, writeBucket)
                .describe(writeBucket),
              serviceAccountSubjectId: z
                .string(writeSubject)
                .regex(/^\d{10,30}$/, writeSubject)
                .describe(writeSubject),
            },
            'Write { bucket: …, serviceAccountSubjectId: "…" }.',
          )
            .optional()
            .describe('A transfer of Google Cloud Storage.'),
        },
        useVia,
      )
        .refine((map) => Object.values(map).filter((value) => value !== undefined).length === 1, {
          error: useVia,
          params: { problem: 'is not one way of delivery' },
        })
        .meta({ minProperties: 1, maxProperties: 1 })
        .transform(({ product, snowflake, gcs }): Delivery => {
          if (product !== undefined) return { kind: 'product', ...product };
          if (snowflake !== undefined) return { kind: 'snowflake', ...snowflake };
          return {
            kind: 'gcs',
            bucket: gcs?.bucket ?? '',
            serviceAccountSubjectId: gcs?.serviceAccountSubjectId ?? '',
          };
        }),
    ],
    {
      error: (issue) =>
        `${suggestWord(issue.input, [...PLAIN_WAYS, 'product', 'snowflake', 'gcs'], { 'data-exchange': 'data-grant', grant: 'data-grant', athena: 'query-only', ftp: 'sftp' })}${useVia}`,
    },
  )
  .describe(`How a release reaches the receiver. ${useVia}`);
