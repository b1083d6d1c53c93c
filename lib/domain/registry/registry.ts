import type { z } from 'zod';
import { currentSchema, signatureSchema, stepSchema, versionSchema } from './agreement-records';
import {
  attestationSchema,
  breachSchema,
  erasureDaySchema,
  erasureSchema,
  receiptSchema,
  releaseAttestationSchema,
  toldBreachRecordSchema,
} from './conduct-records';
import { budgetSchema, decisionSchema, knocksSchema, usageSchema } from './door-records';
import type { RecordStore, StoredRecord } from './record-store';
import { RecordUnreadable } from './record-unreadable';
import { DOOR_PARTITIONS, LISTING, padVersion, partitionOf, type RegistryItemKey } from './registry-keys';
import {
  closureSchema,
  commitmentRecordSchema,
  driftSchema,
  entitlementSchema,
  equivocationSchema,
  levelsSchema,
  releaseSchema,
  roundSchema,
  seenGrantSchema,
  verificationSchema,
} from './round-records';
import { letterSchema, problemSchema, refusalSchema } from './told-records';

/**
 * Records of one kind, of one agreement; `K`: the fields that tell them apart. A record that is there and is none of its
 * kind (another version of the software wrote it, or somebody's hand) is no record left out: all of these throw
 * RecordUnreadable, so that a breach or an erasure that cannot be read lifts nothing.
 */
export interface Records<T, K extends readonly (keyof T)[]> {
  /** Undefined where nothing is. */
  read(...key: Values<T, K>): Promise<T | undefined>;
  /**
   * In the order of their keys.
   * @param since the least first field of their keys: of many records, those from a time on
   */
  list(since?: string): Promise<readonly T[]>;
  /** Those that can be read, for what takes back alone: who knows half of what happened may close by it, and never open. */
  listReadable(): Promise<readonly T[]>;
  /** False where one stands already: it stays as it is. */
  create(record: T): Promise<boolean>;
  /**
   * Changes a record from what it is by now, however many others do the same.
   * @param change undefined: leave it
   * @returns what stands in the end; undefined where there is none
   */
  change(key: Values<T, K>, change: (record: T) => T | undefined): Promise<T | undefined>;
}

type Values<T, K extends readonly (keyof T)[]> = { readonly [I in keyof K]: T[K[I]] };

/** Somebody else kept changing the record. Nothing was lost; try again. */
class RecordContended extends Error {
  override readonly name = 'RecordContended';
}

export type Registry = ReturnType<typeof openRegistry>;

/** The registry over any store: what lies where, and how it is written. */
export function openRegistry(store: RecordStore) {
  return {
    /** Ids of all agreements that were ever registered. */
    async listAgreements(): Promise<readonly string[]> {
      return (await store.list(LISTING, LISTED)).map(({ sk }) => sk.slice(LISTED.length));
    },
    async enlist(agreement: string): Promise<void> {
      await store.create({ pk: LISTING, sk: `${LISTED}${agreement}` }, {});
    },
    current: (agreement: string) => open(store, agreement, 'current', currentSchema, []),
    steps: (agreement: string) => open(store, agreement, 'step', stepSchema, ['at', 'by']),
    versions: (agreement: string) => open(store, agreement, 'version', versionSchema, ['version']),
    signatures: (agreement: string) => open(store, agreement, 'signature', signatureSchema, ['version', 'party']),
    breaches: (agreement: string) => open(store, agreement, 'breach', breachSchema, ['report']),
    toldBreaches: (agreement: string) =>
      open(store, agreement, 'told-breach', toldBreachRecordSchema, ['from', 'report']),
    rounds: (agreement: string) => open(store, agreement, 'round', roundSchema, ['day']),
    releases: (agreement: string) => open(store, agreement, 'release', releaseSchema, ['round', 'leg']),
    verifications: (agreement: string) => open(store, agreement, 'verification', verificationSchema, ['round', 'leg']),
    levels: (agreement: string) => open(store, agreement, 'levels', levelsSchema, ['dataset', 'version']),
    commitments: (agreement: string) =>
      open(store, agreement, 'commitment', commitmentRecordSchema, ['round', 'leg', 'says']),
    equivocations: (agreement: string) => open(store, agreement, 'equivocation', equivocationSchema, ['round', 'leg']),
    seenGrants: (agreement: string) => open(store, agreement, 'seen-grant', seenGrantSchema, ['round', 'leg']),
    entitlements: (agreement: string) => open(store, agreement, 'entitlement', entitlementSchema, ['leg']),
    drifts: (agreement: string) => open(store, agreement, 'drift', driftSchema, ['day', 'account', 'leg', 'did']),
    closures: (agreement: string) => open(store, agreement, 'closure', closureSchema, ['role']),
    budgets: (agreement: string) => open(store, agreement, 'budget', budgetSchema, ['leg', 'period']),
    usage: (agreement: string) => open(store, agreement, 'usage', usageSchema, []),
    decisions: (agreement: string) => open(store, agreement, 'decision', decisionSchema, ['at', 'id']),
    /** Decisions that stand until the next one on their leg: what is granted, and taken back. Few, and read whole. */
    standing: (agreement: string) => open(store, agreement, 'standing', decisionSchema, ['at', 'id']),
    knocks: (agreement: string) => open(store, agreement, 'knocks', knocksSchema, ['day', 'slot']),
    attestations: (agreement: string) => open(store, agreement, 'attestation', attestationSchema, ['leg', 'party']),
    releaseAttestations: (agreement: string) =>
      open(store, agreement, 'release-attestation', releaseAttestationSchema, ['round', 'leg']),
    receipts: (agreement: string) => open(store, agreement, 'receipt', receiptSchema, ['round', 'leg', 'sha256']),
    erasures: (agreement: string) => open(store, agreement, 'erasure', erasureSchema, ['id']),
    erasureDays: (agreement: string) => open(store, agreement, 'erasure-day', erasureDaySchema, ['dataset', 'day']),
    letters: (agreement: string) => open(store, agreement, 'letter', letterSchema, ['id']),
    refusals: (agreement: string) => open(store, agreement, 'refusal', refusalSchema, ['id']),
    problems: (agreement: string) => open(store, agreement, 'problem', problemSchema, ['id']),
  };
}

const LISTED = 'agreement#';

type Agreed = { readonly agreement: string | { readonly id: string } };

function open<S extends z.ZodType<Agreed>, const K extends readonly (keyof z.output<S>)[]>(
  store: RecordStore,
  agreement: string,
  kind: string,
  schema: S,
  fields: K,
): Records<z.output<S>, K> {
  const pk = isOfDoors(kind) ? `${DOOR_PARTITIONS[kind]}${agreement}` : partitionOf(agreement);
  const place = (key: readonly unknown[]): RegistryItemKey => ({
    pk,
    sk: [kind, ...key.map((part) => (typeof part === 'number' ? padVersion(part) : String(part)))].join('#'),
  });
  const parseOrNone = ({ record }: StoredRecord): z.output<S> | undefined => {
    const { data } = schema.safeParse(record);
    return data !== undefined && agreementOf(data) === agreement ? data : undefined;
  };
  const parse = (stored: StoredRecord): z.output<S> => {
    const data = parseOrNone(stored);
    if (data === undefined) throw new RecordUnreadable(kind, stored.sk, agreement);
    return data;
  };
  const prefix = fields.length === 0 ? kind : `${kind}#`;
  return {
    async read(...key) {
      const stored = await store.read(place(key));
      return stored && parse(stored);
    },
    async list(since) {
      const from = since === undefined ? undefined : `${prefix}${since}`;
      return (await store.list(pk, prefix, from)).map(parse);
    },
    async listReadable() {
      return (await store.list(pk, prefix)).flatMap((stored) => parseOrNone(stored) ?? []);
    },
    async create(record) {
      return store.create(place(fields.map((field) => record[field])), schema.parse(record));
    },
    async change(key, change) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const stored = await store.read(place(key));
        if (stored === undefined) return undefined;
        const before = parse(stored);
        const after = change(before);
        if (after === undefined) return before;
        if (await store.replace(place(key), stored.revision, schema.parse(after))) return after;
      }
      throw new RecordContended(`The ${kind} of ${agreement} was changed by others ${ATTEMPTS} times in a row.`);
    },
  };
}

const ATTEMPTS = 20;

function isOfDoors(kind: string): kind is keyof typeof DOOR_PARTITIONS {
  return Object.hasOwn(DOOR_PARTITIONS, kind);
}

function agreementOf({ agreement }: Agreed): string {
  return typeof agreement === 'string' ? agreement : agreement.id;
}
