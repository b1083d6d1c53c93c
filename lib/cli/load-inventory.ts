import { parse } from 'yaml';
import * as z from 'zod';
import { InvalidInput } from './exit-code';
import { readTextFile, UnreadableFile } from './read-text-file';

const account = z.string().regex(/^\d{12}$/, 'an account is 12 digits, in quotes');
const byLeg = z.record(z.string(), z.string()).default({});

const inventorySchema = z.strictObject({
  room: z.strictObject({
    account,
    region: z.string().min(1),
    landingBucket: z.string().min(1),
    lakeBucket: z.string().min(1),
    /** Further accounts of the room, e.g. the one that keeps the trail. */
    accounts: z.array(account).default([]),
    topology: z.enum(['hosted', 'peer']).default('hosted'),
    operatorParty: z.string().optional(),
  }),
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
  /** What was provisioned for an agreement. */
  agreements: z.record(z.string(), z.strictObject({ dataSets: byLeg, legKeys: byLeg })).default({}),
});

/** Where the room and what it made stand: what an auditor has to be told beside agreements and logs. */
export type Inventory = z.output<typeof inventorySchema>;

/** @throws InvalidInput naming every key that is not as it must be. */
export function loadInventory(file: string): Inventory {
  const parsed = inventorySchema.safeParse(readYaml(file));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${file}: ${path.join('.') || 'the file'}: ${message}`,
  );
  throw new InvalidInput(`${problems.join('\n       ')}\n       docs/audit.md says what an inventory holds.`);
}

function readYaml(file: string): unknown {
  try {
    return parse(readTextFile(file, file), { maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof UnreadableFile) {
      throw new InvalidInput(`${error.message}. An audit needs an inventory of the room: see docs/audit.md.`, {
        cause: error,
      });
    }
    const [line = ''] = error instanceof Error ? error.message.split('\n') : [];
    throw new InvalidInput(`${file} is no YAML: ${line}`, { cause: error });
  }
}
