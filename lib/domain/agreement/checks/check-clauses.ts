import { controlOf } from '../../enforcement/breaches/list-remedies';
import { CONTROL_IDS, type ControlId } from '../plan/control-ids';
import { controlledTerms, listControls } from '../plan/controls';
import { type DocumentPath, errorAt, formatPath, type Remark, warningAt } from '../yaml/remark';
import { checkName } from './check-name';
import type { AgreementDraft } from './draft-agreement';
import { HOW_TO_SET } from './how-to-set';

/** Every clause binds to a control that exists or is legalOnly, every clause that is named somewhere exists, and what is done to a party has one. */
export function checkClauses(draft: AgreementDraft): Remark[] {
  return [...checkIds(draft), ...checkBindings(draft), ...checkReferences(draft), ...warnOfUnbound(draft)];
}

function checkIds({ clauses = [] }: AgreementDraft): Remark[] {
  const seen = new Map<string, number>();
  return clauses.flatMap((clause, index) => {
    if (clause?.id === undefined) return [];
    const earlier = seen.get(clause.id);
    if (earlier === undefined) seen.set(clause.id, index);
    return earlier === undefined
      ? []
      : [
          errorAt(
            ['clauses', index, 'id'],
            `clauses[${earlier}] is "${clause.id}" already`,
            'Give every clause an id of its own.',
          ),
        ];
  });
}

function checkBindings(draft: AgreementDraft): Remark[] {
  const set = controlsSetBy(draft);
  return (draft.clauses ?? []).flatMap((clause, index) => {
    if (clause === undefined) return [];
    const path = ['clauses', index];
    const { control = [], legalOnly } = clause;
    if (control.length === 0 && legalOnly === undefined) {
      const id = clause.id === undefined ? '' : `"${clause.id}" `;
      return [
        errorAt(
          path,
          `the clause ${id}binds to nothing`,
          `Name the control that carries it out, or say \`legalOnly: true\` when only the law enforces it. ${sayControls(set ?? CONTROL_IDS)}`,
        ),
      ];
    }
    if (control.length > 0 && legalOnly) {
      return [errorAt([...path, 'legalOnly'], 'the clause has a control and is legalOnly', 'Remove one of them.')];
    }
    return control.flatMap((id, at) =>
      set === undefined || set.includes(id)
        ? []
        : [
            errorAt(
              [...path, 'control', at],
              `nothing in this agreement sets the control \`${id}\``,
              `Set it by ${HOW_TO_SET[id] ?? 'the terms'}, bind the clause to another control, or say \`legalOnly: true\` instead. ${sayControls(set)}`,
            ),
          ],
    );
  });
}

const sayControls = (ids: readonly string[]) => `Controls: ${ids.join(', ')}.`;

/** Undefined while something is broken that may set one. */
function controlsSetBy({ setsControls }: AgreementDraft): readonly ControlId[] | undefined {
  return setsControls && listControls(controlledTerms(setsControls)).map(({ id }) => id);
}

/** What is done to a party by its terms, a refusal or a suspension, names the clause that says so. Without one it names a place in the file. */
function warnOfUnbound(draft: AgreementDraft): Remark[] {
  const { clauses, remedies = [], legs = [], parties = {} } = draft;
  const set = controlsSetBy(draft);
  // A clause that cannot be read may be the one.
  if (set === undefined || clauses === undefined || clauses.some(isUnread)) return [];
  const bound = new Set(clauses.flatMap((clause) => clause?.control ?? []));
  const acting: readonly (readonly [ControlId, DocumentPath, string])[] = [
    ...remedies.flatMap((remedy, index) =>
      remedy?.on === undefined
        ? []
        : [[controlOf(remedy.on), ['remedies', index], `what follows \`${remedy.on}\``] as const],
    ),
    ...legs.flatMap((leg, index) =>
      leg?.quota === undefined ? [] : [['access.quota', ['legs', index, 'quota'], 'how much may be read'] as const],
    ),
    ...Object.entries(parties).flatMap(([party, said]) =>
      said?.networks === undefined
        ? []
        : [['access.network', ['parties', party, 'networks'], 'from where a party may read'] as const],
    ),
  ];
  const told = new Set<ControlId>();
  return acting.flatMap(([id, path, what]) => {
    if (bound.has(id) || told.has(id) || !set.includes(id)) return [];
    told.add(id);
    return [
      warningAt(
        path,
        `no clause says ${what}`,
        `Bind one to \`${id}\`: each decision, breach and letter about it names its clause, and ${formatPath(path)} where there is none.`,
      ),
    ];
  });
}

function checkReferences(draft: AgreementDraft): Remark[] {
  const ids = draft.clauses?.flatMap((clause) => clause?.id ?? []);
  if (ids === undefined || ids.length !== draft.clauses?.length) return [];
  const known = Object.fromEntries(ids.map((id) => [id, true]));
  return clausesNamedBy(draft).flatMap(({ path, id }) => checkName(path, 'clause', id, known));
}

function clausesNamedBy({ parties = {}, datasets = {}, legs = [] }: AgreementDraft): ClauseReference[] {
  return [
    ...Object.entries(parties).flatMap(([party, named]) => [
      { path: ['parties', party, 'givesNothing'], id: named?.givesNothing },
      { path: ['parties', party, 'getsNothing'], id: named?.getsNothing },
    ]),
    ...Object.entries(datasets).flatMap(([dataset, named]): ClauseReference[] => [
      { path: ['datasets', dataset, 'basis'], id: named?.basis },
      { path: ['datasets', dataset, 'privacy', 'asymmetry'], id: named?.privacy?.asymmetry },
      ...Object.entries(named?.columns ?? {}).flatMap(([column, value]) => [
        { path: ['datasets', dataset, 'columns', column, 'exempt'], id: value?.exempt },
        { path: ['datasets', dataset, 'columns', column, 'mayIdentify'], id: value?.mayIdentify },
      ]),
    ]),
    ...legs.map((leg, index) => ({ path: ['legs', index, 'transfer', 'safeguard'], id: leg?.transfer?.safeguard })),
  ];
}

function isUnread(clause: NonNullable<AgreementDraft['clauses']>[number]): boolean {
  return clause?.control === undefined && clause?.legalOnly === undefined;
}

interface ClauseReference {
  readonly path: DocumentPath;
  readonly id: string | undefined;
}
