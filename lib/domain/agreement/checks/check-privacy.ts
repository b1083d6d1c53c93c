import { formatShare } from '../../format';
import type { TDistance } from '../../privacy/models/privacy-floor';
import { USUAL_K } from '../../privacy/models/usual-k';
import type { Column } from '../schema/agreement';
import { type DocumentPath, errorAt, type Remark, warningAt } from '../yaml/remark';
import { checkName, entryOf } from './check-name';
import { chooseTreatment, isClassColumn, isMeasurable } from './column-rules';
import type { AgreementDraft, DatasetDraft } from './draft-agreement';

/** Floors: there where they are needed, met by columns that can meet them, and alike for every party. */
export function checkPrivacy(draft: AgreementDraft): Remark[] {
  const each = Object.entries(draft.datasets ?? {}).flatMap(([id, dataset]) =>
    dataset?.columns === undefined
      ? []
      : [
          ...checkFloor(['datasets', id], dataset, dataset.columns),
          ...checkUnprotected(['datasets', id], dataset, dataset.columns),
        ],
  );
  return [...each, ...checkSymmetry(draft)];
}

type Columns = NonNullable<DatasetDraft['columns']>;

function checkFloor(path: DocumentPath, { privacy }: DatasetDraft, columns: Columns): Remark[] {
  const classColumns = namesOf(columns, isClassColumn);
  const at = [...path, 'privacy'];
  if (privacy === undefined) {
    if (classColumns.length === 0) return [];
    return [
      errorAt(
        at,
        `the classes made of ${classColumns.join(', ')} have no floor`,
        'Add `privacy: { k: 10 }`: how many subjects a class holds at least.',
      ),
    ];
  }
  const remarks: Remark[] = [];
  if (classColumns.length === 0 && isSound(columns)) {
    remarks.push(
      errorAt(
        at,
        'the floor has nothing to hold: no released column is quasi',
        'Give the role quasi to columns that help to single somebody out, or remove `privacy`.',
      ),
    );
  }
  const { k, l = {}, t = {}, suppressAtMost } = privacy;
  if (k !== undefined && k < USUAL_K)
    remarks.push(
      warningAt(
        [...at, 'k'],
        `k = ${k} leaves a subject among few`,
        `${USUAL_K} is the least that is usual, 10 and more for data given to others.`,
      ),
    );
  if (suppressAtMost !== undefined && suppressAtMost > 0.1) {
    remarks.push(
      warningAt(
        [...at, 'suppressAtMost'],
        `up to ${formatShare(suppressAtMost)} of the rows may be left out`,
        'More than 10 % changes what the data says; generalise more, or lower k.',
      ),
    );
  }
  remarks.push(...checkPopulation(at, privacy), ...checkMode(at, privacy));
  for (const name of Object.keys(l)) remarks.push(...checkSensitive([...at, 'l', name], name, columns, 'equal'));
  for (const [name, { distance }] of Object.entries(t))
    remarks.push(...checkSensitive([...at, 't', name], name, columns, distance ?? 'equal'));
  return remarks;
}

type PrivacyDraft = NonNullable<DatasetDraft['privacy']>;

/** What is asked of the population needs one; presence needs it counted. */
function checkPopulation(at: DocumentPath, { kMap, presence, population }: PrivacyDraft): Remark[] {
  const asks = [...(kMap === undefined ? [] : ['kMap']), ...(presence === undefined ? [] : ['presence'])];
  if (population === undefined) {
    return asks.map((key) =>
      errorAt(
        [...at, key],
        `${key} has no population to count on`,
        key === 'kMap'
          ? 'Add `population: { size: 5000000 }` or `population: { counts: population.csv }`.'
          : 'Add `population: { counts: population.csv }`.',
      ),
    );
  }
  if (asks.length === 0)
    return [warningAt([...at, 'population'], 'nothing asks for the population', 'Add kMap or presence, or remove it.')];
  if (presence === undefined || population.counts !== undefined) return [];
  return [
    errorAt(
      [...at, 'presence'],
      'presence needs to know who is in the population, not how many there are',
      'Write `population: { counts: population.csv }`.',
    ),
  ];
}

function checkMode(at: DocumentPath, { mode, metric, population }: PrivacyDraft): Remark[] {
  if (mode !== 'multidimensional') return [];
  return [
    ...(population?.counts === undefined
      ? []
      : [
          errorAt(
            [...at, 'population'],
            'whom a region stands for cannot be measured on the release',
            'Use `population: { size: 5000000 }` with kMap, or `mode: full-domain`.',
          ),
        ]),
    ...(metric === undefined || metric === 'loss'
      ? []
      : [
          errorAt(
            [...at, 'metric'],
            `multidimensional recoding saves loss, not ${metric}`,
            'Remove the metric, or use `mode: full-domain`.',
          ),
        ]),
    warningAt(
      [...at, 'mode'],
      'multidimensional recoding is the higher-risk mode: where its regions are cut depends on the data, so that a version of the dataset has one release',
      'Use `mode: full-domain` unless less detail would defeat the purpose.',
    ),
  ];
}

function checkUnprotected(path: DocumentPath, { privacy }: DatasetDraft, columns: Columns): Remark[] {
  const { l = {}, t = {} } = privacy ?? {};
  const names = namesOf(columns, isReleasedSensitive).filter(
    (name) => !Object.hasOwn(l, name) && !Object.hasOwn(t, name),
  );
  const hasClasses = namesOf(columns, isClassColumn).length > 0;
  return names.map((name) =>
    hasClasses
      ? warningAt(
          [...path, 'privacy'],
          `the sensitive column \`${name}\` has neither l nor t`,
          `A class in which all share one value gives it away: add \`l: { ${name}: 2 }\` or \`t: { ${name}: 0.3 }\`.`,
        )
      : warningAt(
          [...path, 'columns', name],
          `the sensitive column \`${name}\` goes out and nothing is quasi`,
          'Give the role quasi to columns that help to single somebody out; where there are none, this one is plain.',
        ),
  );
}

/** l and t are measured on the values that go out, so these must be the column's own, or stand for them one to one. */
function checkSensitive(path: DocumentPath, name: string, columns: Columns, distance: TDistance): Remark[] {
  const at = (remark: Remark): Remark => ({ ...remark, at: 'key' });
  const unknown = checkName(path, 'column', name, columns);
  const column = entryOf(columns, name);
  if (unknown.length > 0 || column === undefined) return unknown.map(at);
  const treatment = chooseTreatment(column)?.kind;
  if (column.role !== 'sensitive')
    return [
      at(
        errorAt(
          path,
          `\`${name}\` is ${column.role}, not sensitive`,
          'Give the column the role sensitive, or remove it here.',
        ),
      ),
    ];
  const isToken = treatment === 'token' || treatment === 'format-preserving';
  if (isToken && distance !== 'equal') {
    const lacking = distance === 'ordered' ? 'order' : 'hierarchy';
    return [at(errorAt(path, `the tokens of \`${name}\` have no ${lacking}`, 'Use `distance: equal`.'))];
  }
  if (distance === 'hierarchical' && treatment !== 'keep' && isMeasurable(treatment)) {
    return [
      at(
        errorAt(
          path,
          `\`${name}\` does not go out as its hierarchy has it`,
          'Keep the column, or use another distance.',
        ),
      ),
    ];
  }
  if (isMeasurable(treatment)) return [];
  return [
    at(
      errorAt(
        path,
        `\`${name}\` does not go out as it is`,
        'Only a sensitive column that is kept, tokenised, format-preserving, rounded or top and bottom coded has l or t; change its treatment, or remove it here.',
      ),
    ),
  ];
}

/** Datasets of the legs that have a floor have the same. One without classes has none, and nothing to compare. */
function checkSymmetry({ datasets = {}, legs = [] }: AgreementDraft): Remark[] {
  const given = new Set(legs.map((leg) => leg?.dataset));
  const compared = Object.entries(datasets).flatMap(([id, dataset]) => {
    const { columns = {}, privacy } = dataset ?? {};
    if (!given.has(id) || privacy?.k === undefined || privacy.asymmetry !== undefined || !isSound(columns)) return [];
    if (namesOf(columns, isClassColumn).length === 0) return [];
    const isDiverse = Object.keys(privacy.l ?? {}).length + Object.keys(privacy.t ?? {}).length > 0;
    return [{ id, k: privacy.k, isDiverse, isSensitive: namesOf(columns, isReleasedSensitive).length > 0 }];
  });
  const excuse = (id: string) =>
    `or name the clause that allows the difference: \`asymmetry: "…"\` in the privacy of \`${id}\`.`;
  const [first] = compared;
  const unequal = compared
    .filter(({ k }) => k !== first?.k)
    .map(({ id, k }) =>
      errorAt(
        ['datasets', id, 'privacy', 'k'],
        `k is ${k} here and ${first?.k} in \`${first?.id}\``,
        `Agree on one floor, ${excuse(id)}`,
      ),
    );
  const sensitive = compared.filter(({ isSensitive }) => isSensitive);
  const [other] = sensitive;
  const unlike = sensitive
    .filter(({ isDiverse }) => isDiverse !== other?.isDiverse)
    .map(({ id, isDiverse }) =>
      errorAt(
        ['datasets', id, 'privacy'],
        isDiverse
          ? `\`${id}\` has l or t and \`${other?.id}\` has neither`
          : `\`${id}\` has neither l nor t and \`${other?.id}\` has`,
        `Protect the sensitive columns of both, ${excuse(id)}`,
      ),
    );
  return [...unequal, ...unlike];
}

const isReleasedSensitive = (column: Column) =>
  column.role === 'sensitive' && isMeasurable(chooseTreatment(column)?.kind);

const isSound = (columns: Columns) => Object.values(columns).every((column) => column !== undefined);

function namesOf(columns: Columns, wanted: (column: Column) => boolean): string[] {
  return Object.entries(columns).flatMap(([name, column]) => (column !== undefined && wanted(column) ? [name] : []));
}
