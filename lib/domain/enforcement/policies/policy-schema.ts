import { OPERATIONS } from './operations';

const RESOURCE = { agreement: 'Agreement', leg: 'Leg', dataset: 'Dataset' } as const;

/** What policies may speak of, as a Cedar schema. Days are numbers, `20261231`, so that they compare. */
export const POLICY_SCHEMA = `
entity Party;
entity Agreement;
entity Leg;
entity Dataset;
type Circumstances = {
  state: String,
  paused: Bool,
  signed: Bool,
  today: Long,
  lastDay: Long,
  suspended: Bool,
  complete: Bool,
  kept: Bool,
  requests: Long,
  bytes: Long,
  throttled: Bool,
  purpose?: String,
  ip?: ipaddr,
};
${Object.entries(OPERATIONS)
  .map(
    ([id, { about }]) =>
      `action "${id}" appliesTo { principal: [Party], resource: [${RESOURCE[about]}], context: Circumstances };`,
  )
  .join('\n')}
`;

/** The type of what an operation is asked about. */
export function resourceTypeOf(about: keyof typeof RESOURCE): string {
  return RESOURCE[about];
}
