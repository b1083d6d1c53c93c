import { MOST_SHOWN_ROUNDS } from '../../room/catalogue';
import { fewestDays } from '../periods/fewest-days';
import { mostDays } from '../periods/most-days';
import { isReadByLake } from '../plan/read-by-lake';
import { type DocumentPath, errorAt, type Remark, warningAt } from '../yaml/remark';
import { checkName, entryOf } from './check-name';
import { chooseTreatment } from './column-rules';
import type { AgreementDraft, DatasetDraft, LegDraft } from './draft-agreement';

/** Who gives what to whom. */
export function checkLegs(draft: AgreementDraft): Remark[] {
  return [...checkEachLeg(draft), ...checkIdle(draft)];
}

/** `<from>-<to>-<dataset>`: how a leg is called everywhere else. */
export function nameLeg({
  from,
  to,
  dataset,
}: {
  readonly from: string;
  readonly to: string;
  readonly dataset: string;
}): string {
  return `${from}-${to}-${dataset}`;
}

function checkEachLeg({ legs = [], parties, datasets, term }: AgreementDraft): Remark[] {
  const named = new Map<string, number>();
  const subscribers = new Map<string, { readonly to: string; readonly index: number }>();
  return legs.flatMap((leg, index) => {
    if (leg === undefined) return [];
    const { from, to, dataset, via } = leg;
    const path = ['legs', index];
    const remarks = [
      ...checkName([...path, 'from'], 'party', from, parties),
      ...checkName([...path, 'to'], 'party', to, parties),
      ...checkName([...path, 'dataset'], 'dataset', dataset, datasets),
    ];
    if (from !== undefined && from === to) {
      remarks.push(errorAt([...path, 'to'], `\`${from}\` gives to itself`, 'Name the party that gets.'));
    }
    const owner = entryOf(datasets, dataset)?.owner;
    if (from !== owner && entryOf(parties, from) !== undefined && entryOf(parties, owner) !== undefined) {
      remarks.push(
        errorAt(
          [...path, 'from'],
          `\`${from}\` does not own \`${dataset}\``,
          `Only its owner gives it: \`from: ${owner}\`.`,
        ),
      );
    }
    if (from !== undefined && to !== undefined && dataset !== undefined) {
      const id = nameLeg({ from, to, dataset });
      const earlier = named.get(id);
      if (earlier === undefined) named.set(id, index);
      else
        remarks.push(
          errorAt(path, `legs[${earlier}] is called \`${id}\` already`, 'Give a dataset to a party by one leg only.'),
        );
    }
    if (leg.every !== undefined && fewestDays(leg.every) < 1) {
      remarks.push(
        errorAt(
          [...path, 'every'],
          `\`${leg.every}\` is shorter than a day, and rounds go by days`,
          'Write a day or more, e.g. P1D or P7D.',
        ),
      );
    } else remarks.push(...checkShownRounds([...path, 'retain'], leg, term));
    if (leg.watermark !== undefined)
      remarks.push(...checkWatermark([...path, 'watermark'], dataset, entryOf(datasets, dataset)));
    if (via?.kind === 'product' && to !== undefined) {
      const first = subscribers.get(via.productId);
      if (first === undefined) subscribers.set(via.productId, { to, index });
      else if (first.to !== to)
        remarks.push(
          errorAt(
            [...path, 'via'],
            `legs[${first.index}] goes to \`${first.to}\` by this product, and who subscribes to a product sees all that is in it`,
            `Make a product for \`${to}\`.`,
          ),
        );
    }
    const receiver = entryOf(parties, to);
    if (via?.kind === 'sftp' && to !== undefined && receiver !== undefined && receiver.sftp === undefined) {
      remarks.push({
        ...errorAt(
          [...path, 'via'],
          `\`${to}\` has no way to sign in by sftp`,
          `Add \`sftp: { publicKeys: […], cidrs: […] }\` to the party \`${to}\`.`,
        ),
        looksAt: [['parties', to, 'sftp']],
      });
    }
    return remarks;
  });
}

/** What is read by queries is shown by a filter, which can name so many rounds and no more. */
function checkShownRounds(
  path: DocumentPath,
  { via, every, retain }: LegDraft,
  term: AgreementDraft['term'],
): Remark[] {
  if (via === undefined || !isReadByLake({ via }) || every === undefined || retain === undefined) return [];
  const days = Math.min(mostDays(retain), daysOf(term));
  const rounds = Math.ceil(days / fewestDays(every));
  if (rounds <= MOST_SHOWN_ROUNDS) return [];
  return [
    errorAt(
      path,
      `${rounds} rounds are kept at a time, and a leg by ${via.kind} can show ${MOST_SHOWN_ROUNDS}`,
      `Deliver less often, keep them for less long (${every} × ${MOST_SHOWN_ROUNDS}), or choose another way.`,
    ),
  ];
}

function daysOf(term: AgreementDraft['term']): number {
  const lasts = Date.parse(term?.ends ?? '') - Date.parse(term?.starts ?? '');
  return Number.isNaN(lasts) ? Number.POSITIVE_INFINITY : lasts / 86_400_000 + 1;
}

/** Subjects are left out: that they can be counted in the release is what keeps the floor measured. */
function checkWatermark(path: DocumentPath, id: string | undefined, dataset: DatasetDraft | undefined): Remark[] {
  const subject = dataset?.subject === undefined ? undefined : entryOf(dataset.columns, dataset.subject);
  if (
    id === undefined ||
    dataset?.columns === undefined ||
    (subject !== undefined && chooseTreatment(subject)?.kind === 'token')
  )
    return [];
  const { subject: named = '' } = dataset;
  return [
    {
      ...errorAt(
        path,
        'a watermark leaves out subjects, and no subject goes out as a token',
        'Name the `subject` of the dataset and give its column the treatment token, or remove the watermark.',
      ),
      looksAt: [
        ['datasets', id, 'subject'],
        ['datasets', id, 'columns', named],
      ],
    },
  ];
}

function checkIdle({ legs = [], datasets = {} }: AgreementDraft): Remark[] {
  if (legs.length === 0 || legs.some((leg) => leg?.dataset === undefined)) return [];
  return Object.keys(datasets)
    .filter((id) => !legs.some((leg) => leg?.dataset === id))
    .map((id) => warningAt(['datasets', id], `no leg gives \`${id}\``, 'Add a leg, or take the dataset out.'));
}
