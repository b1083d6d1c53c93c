import type { PlannedColumn } from '../plan/plan';
import { judgeColumn, judgeMissing, judgeRole, judgeType } from './judge-column';
import { judgeGeneralisation, judgeTreatment } from './judge-treatment';
import { cannotBeOrdered, changes, fewerLoosens, thereLoosens } from './orders';
import { type Rules, rule } from './rule';
import { sayLevels, sayList, sayTreatment, sayType } from './say';

type Checks = PlannedColumn['checks'];

export const COLUMN_RULES: Rules = {
  'datasets.*.columns.*.title': rule(changes),
  'datasets.*.columns.*.type': rule(judgeType, sayType),
  'datasets.*.columns.*.role': rule(judgeRole),
  'datasets.*.columns.*.treatment': rule(judgeTreatment, sayTreatment),
  'datasets.*.columns.*.missing': rule(judgeMissing, (missing: PlannedColumn['missing']) =>
    missing.kind === 'fill' ? `fill with ${JSON.stringify(missing.value)}` : missing.kind,
  ),
  'datasets.*.columns.*.written': rule(changes),
  'datasets.*.columns.*.check': rule(
    (before: Checks = [], after: Checks = []) => fewerLoosens(before.map(write), after.map(write)),
    (checks) => sayList(checks.map(({ text }) => text)),
  ),
  'datasets.*.columns.*.exempt': rule(thereLoosens),
  'datasets.*.columns.*.mayIdentify': rule(thereLoosens),
  'datasets.*.columns.*.weight': rule(changes),
  'datasets.*.columns.*.releasedAs': rule(cannotBeOrdered, sayType),
  'datasets.*.columns.*.countedAs': rule(judgeGeneralisation, sayLevels),
};

export const COLUMN_PRESENCE: Rules = {
  'datasets.*.columns.*': rule(judgeColumn, ({ role, treatment }) => `${role}, ${sayTreatment(treatment)}`),
};

/** What it means too: the same text means something else of another type. */
function write(check: Checks[number]): string {
  return JSON.stringify(check);
}
