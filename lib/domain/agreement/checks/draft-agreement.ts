import * as z from 'zod';
import {
  agreementSchema,
  clauseSchema,
  fairnessSchema,
  partySchema,
  remedySchema,
  roomSchema,
  termSchema,
} from '../schema/agreement';
import { columnSchema } from '../schema/column-schema';
import { datasetSchema } from '../schema/dataset-schema';
import { legSchema } from '../schema/leg-schema';
import { privacySchema } from '../schema/privacy-schema';
import type { DocumentPath } from '../yaml/remark';
import type { Refusal } from './describe-issue';

/** As much of an agreement as is sound: what the schema refused is undefined, everything around it is there. */
export type AgreementDraft = z.output<typeof draftSchema> & {
  /** The sections that set controls, when nothing in them was refused. */
  readonly setsControls: z.output<typeof controllingSchema> | undefined;
};
export type DatasetDraft = NonNullable<NonNullable<AgreementDraft['datasets']>[string]>;

export type LegDraft = NonNullable<NonNullable<AgreementDraft['legs']>[number]>;

type Lenient<S extends z.ZodType> = z.ZodCatch<z.ZodOptional<S>>;
const lenient = <S extends z.ZodType>(schema: S): Lenient<S> => z.optional(schema).catch(undefined) as Lenient<S>;

function lenientMap<S extends Readonly<Record<string, z.ZodType>>>(shape: S) {
  const fields = Object.entries(shape).map(([key, schema]) => [key, lenient(schema)]);
  return z.object(Object.fromEntries(fields) as { [K in keyof S]: Lenient<S[K]> });
}

const draftSchema = z.object({
  parties: lenient(z.record(z.string(), lenient(lenientMap(partySchema.shape)))),
  term: lenient(lenientMap(termSchema.shape)),
  room: lenient(lenientMap(roomSchema.shape)),
  datasets: lenient(
    z.record(
      z.string(),
      lenient(
        lenientMap({
          ...datasetSchema.shape,
          columns: z.record(z.string(), lenient(columnSchema)),
          privacy: lenientMap(privacySchema.shape),
        }),
      ),
    ),
  ),
  legs: lenient(z.array(lenient(lenientMap(legSchema.shape)))),
  fairness: lenient(lenientMap(fairnessSchema.shape)),
  remedies: lenient(z.array(lenient(lenientMap(remedySchema.shape)))),
  clauses: lenient(z.array(lenient(lenientMap(clauseSchema.shape))).default([])),
});

const { datasets, legs, fairness, parties, remedies, term } = agreementSchema.shape;
const controllingSchema = z.object({ datasets, legs, fairness, parties, remedies, term });

/** Cuts out what the schema refused, so that everything else can still be checked. */
export function draftAgreement(value: unknown, refusals: readonly Refusal[]): AgreementDraft {
  const remains: unknown = structuredClone(value);
  // A section refused as a whole stays, and the draft's own schema makes it undefined: absent would mean its default.
  for (const { path, refused } of refusals) if (refused === 'value' && path.length > 1) cutOut(remains, path);
  return { ...draftSchema.parse(remains), setsControls: controllingSchema.safeParse(value).data };
}

/** A list keeps its places: what follows is still found under its own number. */
function cutOut(root: unknown, path: DocumentPath): void {
  let around = root;
  for (const part of path.slice(0, -1)) around = memberOf(around, part);
  const last = path.at(-1);
  if (Array.isArray(around) && typeof last === 'number') around[last] = undefined;
  else if (typeof around === 'object' && around !== null && last !== undefined) Reflect.deleteProperty(around, last);
}

function memberOf(around: unknown, part: string | number): unknown {
  return typeof around === 'object' && around !== null && Object.hasOwn(around, part)
    ? Reflect.get(around, part)
    : undefined;
}
