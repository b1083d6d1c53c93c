import { errorAt, type Remark } from '../yaml/remark';
import type { AgreementDraft } from './draft-agreement';

/** A remedy that could not be carried out is none: only where the room hands out links to read by can it let through less. */
export function checkRemedies({ remedies, legs }: AgreementDraft): Remark[] {
  const other = (legs ?? []).findIndex((leg) => leg?.via !== undefined && leg.via.kind !== 'api');
  if (other === -1) return [];
  return (remedies ?? []).flatMap((remedy, index) =>
    remedy?.do === 'throttle'
      ? [
          errorAt(
            ['remedies', index, 'do'],
            `legs[${other}] does not come by \`api\`, and nothing else can be throttled`,
            'Let every leg come `via: api`, or write `do: suspend-party`.',
          ),
        ]
      : [],
  );
}
