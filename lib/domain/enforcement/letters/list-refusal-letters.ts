import type { Plan } from '../../agreement/plan';
import { readDeliveryFault } from '../../room/delivery-fault';
import type { RefusalRecord } from '../registry/registry-records';
import { addressTo, type Letter, writeLetter } from './letter';

/** Tells a giver that a delivery of its goes no further, and why: in a word, with no value of it. */
export function listRefusalLetters(plan: Plan, refusals: readonly RefusalRecord[]): readonly Letter[] {
  return refusals.map(({ id, dataset, file, error, problems = [], at }) =>
    writeLetter(
      plan,
      `refused:${id}`,
      addressTo(plan, plan.datasets.find((each) => each.id === dataset)?.owner ?? '', 'exchange'),
      `a delivery of ${dataset} goes no further`,
      [
        `The delivery of ${dataset} that came in as ${quote(file)} goes no further since ${at}. ${explain(error)}`,
        ...problems,
        'Nothing of it is released, and nobody reads it any more. What is on record of it: the room’s API, list-deliveries.',
        `Run: ${id}.`,
      ],
    ),
  );
}

function explain(error: string): string {
  const fault = readDeliveryFault(error);
  switch (fault.kind) {
    case 'refused':
      return `It was refused: ${REASONS[fault.reason] ?? fault.reason.replaceAll('-', ' ')}.`;
    case 'failed':
      return `Its release cannot be certified${fault.gate === undefined ? '' : `: it fails at the gate ${fault.gate}`}. Correct it, and deliver again under another name.`;
    case 'broken':
      return 'A step of the room broke off. The operator is told, and looks into it: what was delivered need not be at fault.';
  }
}

const REASONS: Readonly<Record<string, string>> = {
  'agreement-not-active': 'the agreement is not active',
  'outside-term': 'the agreement does not run on that day',
  'unknown-dataset': 'the agreement has no such dataset',
  'not-agreed-place': 'it is not in its folder',
  'empty-file': 'the file is empty',
  unreadable: 'the file is not as the agreement describes the dataset. Correct it, and deliver again',
};

/** Names of files are their giver's own: nothing in them is read as anything else, and none fills a letter. */
function quote(name: string): string {
  return JSON.stringify(name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200));
}
