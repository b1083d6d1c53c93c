import { isEndless } from '../periods/is-endless';
import { errorAt, type Remark, warningAt } from '../yaml/remark';
import { checkName } from './check-name';
import type { AgreementDraft } from './draft-agreement';

/** Term, room, fairness and what it counts. */
export function checkTerms(draft: AgreementDraft): Remark[] {
  return [...checkTerm(draft), ...checkRoom(draft), ...checkFairness(draft), ...checkWorth(draft)];
}

function checkTerm({ term }: AgreementDraft): Remark[] {
  const remarks: Remark[] = [];
  if (term?.starts !== undefined && term.ends !== undefined && term.ends <= term.starts) {
    remarks.push(
      errorAt(
        ['term', 'ends'],
        `the agreement ends on ${term.ends} and starts on ${term.starts}`,
        'Let it end after it starts.',
      ),
    );
  }
  if (term?.starts !== undefined && term.ends !== undefined && isEndless(term.starts, term.ends)) {
    remarks.push(
      errorAt(
        ['term', 'ends'],
        'the agreement lasts longer than a hundred years, or beyond the year 2999',
        'Let it end earlier: it can be extended by an amendment.',
      ),
    );
  }
  return remarks;
}

/** Each party's own room stands in its own account, which the party names. */
function checkRoom({ room }: AgreementDraft): Remark[] {
  if (room?.topology !== 'peer') return [];
  return (['account', 'operator'] as const).flatMap((key) =>
    room[key] === undefined
      ? []
      : [
          errorAt(
            ['room', key],
            `each party has a room, and no \`${key}\` is that of all`,
            `Remove \`${key}\`, or write \`topology: hosted\`.`,
          ),
        ],
  );
}

function checkFairness({ fairness, datasets }: AgreementDraft): Remark[] {
  const remarks: Remark[] = [];
  if (fairness?.outside !== undefined && fairness.tolerance === undefined) {
    remarks.push({
      ...errorAt(
        ['fairness', 'outside'],
        'nothing is outside a tolerance that is not set',
        'Add tolerance, e.g. `tolerance: 20%`, or remove `outside`.',
      ),
      looksAt: [['fairness', 'tolerance']],
    });
  }
  for (const dataset of Object.keys(fairness?.weights ?? {})) {
    remarks.push(
      ...checkName(['fairness', 'weights', dataset], 'dataset', dataset, datasets).map((remark) => ({
        ...remark,
        at: 'key' as const,
      })),
    );
  }
  return remarks;
}

/** Worth counts subjects, or rows where none is named: where these may be the same row again, it counts nothing. */
function checkWorth({ fairness, legs = [], datasets = {} }: AgreementDraft): Remark[] {
  return Object.entries(datasets).flatMap(([id, dataset]) => {
    const isCounted = legs.some(
      (leg) => leg?.dataset === id && (fairness?.tolerance !== undefined || leg.expects?.subjects !== undefined),
    );
    const isOpen = dataset?.columns !== undefined && dataset.subject === undefined && !dataset.clean?.dedupe;
    if (!isCounted || !isOpen) return [];
    return [
      warningAt(
        ['datasets', id],
        `what \`${id}\` is worth counts its rows, and one row given a thousand times counts a thousand`,
        'Name its `subject`, or add `clean: { dedupe: … }`.',
      ),
    ];
  });
}
