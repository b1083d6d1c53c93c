import { z } from 'zod';
import { partySchema } from '../agreement/agreement';
import { describeIssue } from '../agreement/describe-issue';
import { isDuration } from '../agreement/duration';
import type { Finding } from '../agreement/finding';
import { readYaml, type YamlFile } from '../agreement/read-yaml';
import { text as line, strictMap } from '../agreement/schema-parts';
import { fewestDays } from './fewest-days';
import type { Room } from './room';

export type RoomReading =
  /** `place` gives a line to what turns out wrong later. */
  | { readonly kind: 'valid'; readonly room: Room; readonly place: YamlFile['place'] }
  | { readonly kind: 'invalid'; readonly findings: readonly Finding[] };

/** Reads the text of a room.yaml. Never throws; whatever is wrong is a finding. */
export function parseRoom(file: string, text: string): RoomReading {
  // What readYaml would say of an empty file is about agreements.
  const isEmpty = text.split('\n').every((written) => /^\s*(#|$)/.test(written));
  const { yaml, findings } = readYaml(file, isEmpty ? '{}' : text);
  if (yaml === undefined) return { kind: 'invalid', findings };
  const { data, error } = roomSchema.safeParse(yaml.value, { reportInput: true });
  const refused = error?.issues.flatMap((issue) => describeIssue(issue)).map((refusal) => yaml.place(refusal)) ?? [];
  if (data !== undefined && findings.length === 0) return { kind: 'valid', room: data, place: yaml.place };
  const inOrder = [...findings, ...refused].sort((a, b) => a.line - b.line || a.column - b.column);
  return { kind: 'invalid', findings: inOrder };
}

const nameFolder = 'Name the folder of the agreements, relative to this file, e.g. examples/telco-retail.';
const writeRegion = 'Write an AWS region, e.g. eu-central-1, or leave it out to use the region of whoever deploys.';
const writeDays = 'Write an ISO 8601 duration of a day or more, e.g. P30D.';

/** Read as whole days. */
const days = z
  .string(writeDays)
  .refine((written) => isDuration(written) && fewestDays(written) >= 1, {
    error: writeDays,
    params: { problem: 'is not a duration of a day or more' },
  })
  .transform(fewestDays);

const roomSchema = strictMap(
  {
    account: z.exactOptional(partySchema.shape.account),
    region: z.exactOptional(z.string(writeRegion).regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/, writeRegion)),
    agreements: line(1000, nameFolder),
    retention: strictMap(
      {
        deliveries: days.default(30),
        results: days.default(30),
        replaced: days.default(30),
        accessLogs: days.default(365),
      },
      'Write { deliveries: P30D, results: P30D, replaced: P30D, accessLogs: P1Y }.',
    ).prefault({}),
  },
  'Write at least `agreements: folder`.',
);
