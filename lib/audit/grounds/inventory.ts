import * as z from 'zod';
import type { InventoryTrails } from '../../domain/audit/report/find-trails';

const account = z.string().regex(/^\d{12}$/, 'an account is 12 digits, in quotes');
/** Lambda writes `+0000` where others write `Z`. */
const changed = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'this is no time')
  .transform((text) => new Date(text).toISOString());
const byLeg = z.record(z.string(), z.string()).default({});

export const inventorySchema = z.strictObject({
  room: z.strictObject({
    account,
    region: z.string().min(1),
    landingBucket: z.string().min(1),
    lakeBucket: z.string().min(1),
    /** With parties' outboxes. */
    ledgerBucket: z.string().min(1).optional(),
    /** Further accounts of the room, e.g. the one that keeps the trail. */
    accounts: z.array(account).default([]),
    topology: z.enum(['hosted', 'peer']).default('hosted'),
    operatorParty: z.string().optional(),
  }),
  /** Those that should have logged; none: those that digests and logs show. */
  trails: z
    .array(
      z.strictObject({
        trail: z.string(),
        account,
        region: z.string(),
        selectors: z.array(z.string()).optional(),
      }),
    )
    .default([]),
  /** What trails record, by name, where `trails` does not say it. */
  selectors: z.record(z.string(), z.array(z.string())).default({}),
  /** The room's functions, as `aws lambda list-functions` tells of them. */
  functions: z.array(z.strictObject({ name: z.string().min(1), code: z.string().min(1), changed })).optional(),
  /** What was provisioned for an agreement. */
  agreements: z
    .record(
      z.string(),
      z.strictObject({
        dataSets: byLeg,
        legKeys: byLeg,
        granted: z.record(z.string(), z.array(z.string())).default({}),
        /** By which server, and in which role (its ARN), parties come by SFTP; absent: not known. */
        sftpSessions: z
          .array(z.strictObject({ party: z.string(), role: z.string(), server: z.string() }))
          .exactOptional(),
      }),
    )
    .default({}),
});

/** Where the room and what it made stand: what an auditor has to be told beside agreements and logs. */
export type Inventory = z.output<typeof inventorySchema>;

/** The trails that it names, and what they record. */
export function readTrails({ trails, selectors }: Inventory): Required<InventoryTrails> {
  return {
    trails: trails.map(({ selectors: own, ...trail }) => ({
      ...trail,
      ...(own === undefined ? {} : { selectors: own }),
    })),
    selectors: new Map(Object.entries(selectors)),
  };
}
