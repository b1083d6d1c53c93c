import type { StatementGrounds } from '../../enforcement/words/check-attestation';
import { checkSigned } from '../../enforcement/words/party-statement';
import { writeToldBreach } from '../../exchange/peers/told-breach';
import type { ToldBreachRecord } from '../../registry/conduct-records';
import type { ReportedWord } from './reported-conduct';

/** A word on a breach as a report tells it; one that its party did not sign is told as such. */
export function reportTold(
  { heardAt, sentAt: _, held, ...word }: ToldBreachRecord,
  { versions, signatures, proof }: StatementGrounds,
): ReportedWord {
  const { at, state, from } = word;
  const last = heardAt ?? at;
  const until = held?.to ?? (state === 'stands' ? undefined : last);
  const under = versions.find(({ agreement }) => agreement.version === word.version);
  const message = writeToldBreach(word);
  const fault = under === undefined ? 'other-version' : checkSigned(under, signatures, from, message, word, proof);
  return {
    ...word,
    heard: held?.from ?? last,
    ...(until === undefined ? {} : { until }),
    ...(fault === undefined ? {} : { fault }),
  };
}
