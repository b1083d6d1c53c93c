import type { Generalisation } from '../../privacy/hierarchies/generalisation';
import type { Population } from '../../privacy/histogram/population';
import type { ClosenessFloor, DiversityFloor, PrivacyFloor } from '../../privacy/models/privacy-floor';
import { DEFAULT_RECODING, type Recoding } from '../../privacy/search/recoding';
import type { Treatment } from '../../privacy/treatments/treatment';
import { nameLeg } from '../checks/check-legs';
import { chooseMissing, chooseStep, chooseTreatment, isClassColumn, typeReleased } from '../checks/column-rules';
import type { Expression } from '../expressions/expression';
import { parseExpression } from '../expressions/parse-expression';
import type { Agreement, Clause, Column, Dataset, Leg, Party, Privacy } from '../schema/agreement';
import { controlledTerms, listControls } from './controls';
import type {
  ClassColumn,
  ColumnType,
  Plan,
  PlannedClause,
  PlannedColumn,
  PlannedDataset,
  PlannedLeg,
  PlannedParty,
  PlannedRoom,
} from './plan';

type Files = Pick<Agreement, 'hierarchies' | 'populations'>;
type Hierarchies = Agreement['hierarchies'];

/** Everything that follows from an agreement that `parseAgreement` has found valid. The same agreement, the same plan. */
export function planAgreement(agreement: Agreement): Plan {
  const { fairness, legs, room, term } = agreement;
  const terms = controlledTerms(agreement);
  return {
    planVersion: 1,
    agreement: {
      id: agreement.agreement,
      version: agreement.version,
      title: agreement.title ?? agreement.agreement,
      content: agreement.content,
    },
    parties: Object.entries(agreement.parties).map(([id, party]) => planParty(id, party)),
    term: { starts: term.starts, ends: term.ends, notice: term.exit.notice, destroyWithin: term.exit.destroyWithin },
    ...(room === undefined ? {} : { room: planRoom(room) }),
    datasets: terms.datasets.map(([id, dataset]) => planDataset(id, dataset, agreement)),
    legs: legs.map(planLeg),
    fairness: {
      ...(fairness?.tolerance === undefined ? {} : { tolerance: fairness.tolerance }),
      outside: fairness?.outside ?? 'warn',
      weights: Object.fromEntries(terms.datasets.map(([id]) => [id, weightOf(fairness?.weights ?? {}, id)])),
    },
    remedies: agreement.remedies.map(({ on, after, do: follow }) => ({
      on,
      ...(after === undefined ? {} : { after }),
      do: follow,
    })),
    controls: listControls(terms),
    clauses: agreement.clauses.map(planClause),
  };
}

function weightOf(weights: Readonly<Record<string, number>>, dataset: string): number {
  return Object.hasOwn(weights, dataset) ? weights[dataset]! : 1;
}

function planRoom({ topology, account, region, operator }: NonNullable<Agreement['room']>): PlannedRoom {
  return {
    topology,
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
    ...(operator === undefined ? {} : { operator }),
  };
}

function planParty(id: string, party: Party): PlannedParty {
  const { name, account, jurisdiction, contacts, sftp, signingKey, networks, givesNothing, getsNothing } = party;
  const { exchange, privacy, security } = contacts;
  return {
    id,
    name,
    account,
    jurisdiction,
    contacts: { exchange, privacy, ...(security === undefined ? {} : { security }) },
    ...(sftp === undefined ? {} : { sftp }),
    ...(signingKey === undefined ? {} : { signingKey }),
    ...(networks === undefined ? {} : { networks }),
    ...(givesNothing === undefined ? {} : { givesNothingBy: givesNothing }),
    ...(getsNothing === undefined ? {} : { getsNothingBy: getsNothing }),
  };
}

function planDataset(id: string, dataset: Dataset, files: Files): PlannedDataset {
  const { hierarchies } = files;
  const { owner, title = id, version, basis, subject, persons, clean } = dataset;
  const columns = Object.entries(dataset.columns);
  const types = new Map(columns.map(([name, { type }]) => [name, type]));
  const classColumns = columns.flatMap(([name, column]) =>
    isClassColumn(column) ? [planClassColumn(name, column, hierarchies)] : [],
  );
  return {
    id,
    owner,
    title,
    version,
    ...(basis === undefined ? {} : { basisBy: basis }),
    ...(subject === undefined ? {} : { subject }),
    ...(persons === undefined ? {} : { persons }),
    columns: columns.map(([name, column]) => planColumn(name, column, dataset, types, hierarchies)),
    clean: {
      dedupe: clean.dedupe === true ? columns.map(([name]) => name) : (clean.dedupe ?? []),
      rejectAbove: clean.rejectAbove,
      missingTexts: clean.missingTexts,
    },
    classColumns,
    ...(dataset.privacy === undefined || classColumns.length === 0
      ? {}
      : { privacy: planFloor(dataset.privacy, dataset.columns, files), ...planRecoding(dataset.privacy) }),
    ...(dataset.privacy?.asymmetry === undefined ? {} : { asymmetryBy: dataset.privacy.asymmetry }),
  };
}

function planColumn(
  name: string,
  column: Column,
  dataset: Dataset,
  types: ReadonlyMap<string, ColumnType>,
  hierarchies: Hierarchies,
): PlannedColumn {
  const treatment = planTreatment(column, hierarchies);
  const releasedAs = typeReleased(column.type, treatment);
  return {
    name,
    title: column.title ?? name,
    type: column.type,
    role: column.role,
    treatment,
    missing: chooseMissing(name, column, dataset),
    ...(column.written === undefined ? {} : { written: column.written }),
    checks: (column.check ?? []).map((text) => ({ text, condition: planCondition(text, types) })),
    ...(releasedAs === undefined ? {} : { releasedAs }),
    ...(column.exempt === undefined ? {} : { exemptBy: column.exempt }),
    ...(column.mayIdentify === undefined ? {} : { mayIdentifyBy: column.mayIdentify }),
  };
}

/** A column without a treatment cannot be in a valid agreement; if it were, nothing of it would leave. */
function planTreatment(column: Column, hierarchies: Hierarchies): Treatment {
  const choice = chooseTreatment(column) ?? { kind: 'drop' };
  switch (choice.kind) {
    case 'generalise':
      return { kind: 'generalise', generalisation: planGeneralisation(column, hierarchies) };
    case 'noise':
      return { ...choice, step: chooseStep(choice, column.type) };
    default:
      return choice;
  }
}

function planClassColumn(name: string, column: Column, hierarchies: Hierarchies): ClassColumn {
  const isGeneralised = chooseTreatment(column)?.kind === 'generalise';
  return {
    column: name,
    generalisation: isGeneralised ? planGeneralisation(column, hierarchies) : { kind: 'none' },
    weight: column.weight ?? 1,
  };
}

function planGeneralisation({ generalise }: Column, hierarchies: Hierarchies): Generalisation {
  switch (generalise?.kind) {
    case 'widths':
      return { kind: 'widths', widths: generalise.widths.map(String) };
    case 'prefixes':
    case 'dates':
      return generalise;
    case 'hierarchy':
      return { ...generalise, rows: hierarchies.get(generalise.file) ?? [] };
    case undefined:
      return { kind: 'none' };
  }
}

function planFloor(
  { k, l, t, suppressAtMost, kMap, presence, risk, population }: Privacy,
  columns: Dataset['columns'],
  { hierarchies, populations }: Files,
): PrivacyFloor {
  return {
    k,
    l: Object.entries(l).map(([column, { min: atLeast, kind, c }]): DiversityFloor => {
      if (kind === 'recursive') return { column, atLeast, measure: kind, c: c ?? 1 };
      return { column, atLeast, ...(kind === 'entropy' && { measure: kind }) };
    }),
    t: Object.entries(t).map(([column, { max: atMost, distance, hierarchy: file }]): ClosenessFloor => {
      if (distance !== 'hierarchical')
        return { column, atMost, distance: distance ?? defaultDistance(columns[column]) };
      const type: ColumnType = columns[column]?.type ?? { kind: 'string' };
      return {
        column,
        atMost,
        distance,
        hierarchy: { file: file ?? '', type, rows: hierarchies.get(file ?? '') ?? [] },
      };
    }),
    suppressAtMost,
    ...(kMap !== undefined && { kMap }),
    ...(presence !== undefined && { presence: { atLeast: presence.min, atMost: presence.max } }),
    ...(risk !== undefined && {
      risk: {
        ...(risk.average !== undefined && { average: risk.average }),
        ...(risk.maximum !== undefined && { maximum: risk.maximum }),
      },
    }),
    ...(population !== undefined && { population: planPopulation(population, populations) }),
  };
}

function planPopulation(
  { size, counts: file = '' }: NonNullable<Privacy['population']>,
  populations: Agreement['populations'],
): Population {
  return size === undefined
    ? { kind: 'counts', file, rows: populations.get(file) ?? [] }
    : { kind: 'size', subjects: size };
}

/** Only where it is not the usual one. */
function planRecoding({ mode, metric }: Privacy): { readonly recoding?: Recoding } {
  return mode === DEFAULT_RECODING.mode && metric === DEFAULT_RECODING.metric ? {} : { recoding: { mode, metric } };
}

/** By rank for what has one in the release. */
function defaultDistance(column: Column | undefined): 'equal' | 'ordered' {
  const kind = column === undefined ? undefined : typeReleased(column.type, chooseTreatment(column))?.kind;
  return kind === undefined || kind === 'string' || kind === 'boolean' ? 'equal' : 'ordered';
}

function planCondition(text: string, types: ReadonlyMap<string, ColumnType>): Expression {
  const reading = parseExpression(text, types);
  if (reading.kind === 'refused')
    throw new Error(`The agreement was not checked: ${reading.problem} in the check "${text}".`);
  return reading.condition;
}

function planLeg(leg: Leg): PlannedLeg {
  const { from, to, dataset, every, retain, via, quota, expects, purposes, forbids, watermark, transfer } = leg;
  return {
    id: nameLeg(leg),
    from,
    to,
    dataset,
    every,
    retain,
    via,
    ...(quota && { quota: planQuota(quota) }),
    ...(expects && { expects: planExpectations(expects) }),
    purposes,
    forbids,
    ...(watermark === undefined ? {} : { watermark }),
    ...(transfer === undefined ? {} : { safeguardBy: transfer.safeguard }),
  };
}

function planQuota({ requests, gigabytes }: NonNullable<Leg['quota']>): NonNullable<PlannedLeg['quota']> {
  return {
    ...(requests === undefined ? {} : { requests }),
    ...(gigabytes === undefined ? {} : { bytes: Math.round(gigabytes * 1e9) }),
  };
}

function planExpectations({
  subjects,
  completeness,
  lossAtMost,
}: NonNullable<Leg['expects']>): NonNullable<PlannedLeg['expects']> {
  return {
    ...(subjects === undefined ? {} : { subjects }),
    ...(completeness === undefined ? {} : { completeness }),
    ...(lossAtMost === undefined ? {} : { lossAtMost }),
  };
}

function planClause({ id, text, control = [], legalOnly }: Clause): PlannedClause {
  return { id, text, controls: control, legalOnly: legalOnly === true };
}
