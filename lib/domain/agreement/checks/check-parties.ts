import { type DocumentPath, errorAt, type Remark, warningAt } from '../yaml/remark';
import type { AgreementDraft } from './draft-agreement';

/** Who takes part: every party gives and gets, and all of them barter with one another, directly or around a ring. */
export function checkParties(draft: AgreementDraft): Remark[] {
  return [
    ...checkNumber(draft),
    ...checkIds(draft),
    ...checkAccounts(draft),
    ...checkAddresses(draft),
    ...checkParts(draft),
  ];
}

function checkNumber({ parties }: AgreementDraft): Remark[] {
  if (parties === undefined || Object.keys(parties).length > 1) return [];
  return [
    errorAt(
      ['parties'],
      'nobody is there to barter with',
      'Name at least two parties: { telco: { … }, retail: { … } }.',
    ),
  ];
}

/** What records say where no party is meant: a party of that name could be taken for it. */
const RESERVED: Readonly<Record<string, string>> = {
  operator: 'who runs the room',
  room: 'the room itself',
  nobody: 'a stranger',
  none: 'no leg and no party',
};

function checkIds({ parties }: AgreementDraft): Remark[] {
  return Object.keys(parties ?? {}).flatMap((id) =>
    Object.hasOwn(RESERVED, id)
      ? [
          errorAt(
            ['parties', id],
            `\`${id}\` cannot be a party’s name: records mean ${RESERVED[id]} by it`,
            'Give the party another short name.',
          ),
        ]
      : [],
  );
}

function checkAccounts({ parties }: AgreementDraft): Remark[] {
  const holders = new Map<string, string>();
  return Object.entries(parties ?? {}).flatMap(([id, party]) => {
    if (party?.account === undefined) return [];
    const holder = holders.get(party.account);
    if (holder === undefined) holders.set(party.account, id);
    else
      return [
        warningAt(
          ['parties', id, 'account'],
          `\`${holder}\` has this account too`,
          'Give every party its own account: within one account nothing keeps their data apart.',
        ),
      ];
    return [];
  });
}

function checkAddresses({ parties }: AgreementDraft): Remark[] {
  return Object.entries(parties ?? {}).flatMap(([id, party]) =>
    (party?.sftp?.cidrs ?? []).flatMap((cidr, index) =>
      cidr.endsWith('/0')
        ? [
            warningAt(
              ['parties', id, 'sftp', 'cidrs', index],
              `\`${cidr}\` is every address there is`,
              'Name the range the party connects from.',
            ),
          ]
        : [],
    ),
  );
}

function checkParts({ parties = {}, legs = [] }: AgreementDraft): Remark[] {
  const ids = Object.keys(parties);
  const edges = legs.flatMap((leg) =>
    leg?.from !== undefined && leg.to !== undefined ? [{ from: leg.from, to: leg.to }] : [],
  );
  const [first] = edges;
  const isSound = edges.length === legs.length && edges.every(({ from, to }) => ids.includes(from) && ids.includes(to));
  if (first === undefined || !isSound || ids.length < 2) return [];
  const connected = reach(first.from, edges);
  return ids.flatMap((id) => {
    const path = ['parties', id];
    const gives = edges.some(({ from }) => from === id);
    const gets = edges.some(({ to }) => to === id);
    if (!gives && !gets)
      return [errorAt(path, `no leg is from or to \`${id}\``, 'Add its legs, or take the party out.')];
    const remarks: Remark[] = [];
    if (!connected.has(id)) {
      remarks.push(
        errorAt(
          path,
          `\`${id}\` does not barter with \`${first.from}\`, not even through others`,
          'Add a leg between the groups, or write one agreement for each.',
        ),
      );
    }
    const { givesNothing, getsNothing } = parties[id] ?? {};
    return [
      ...remarks,
      ...checkSide(path, 'gives', gives, givesNothing),
      ...checkSide(path, 'gets', gets, getsNothing),
    ];
  });
}

function checkSide(path: DocumentPath, verb: 'gives' | 'gets', does: boolean, clause: string | undefined): Remark[] {
  const at = [...path, `${verb}Nothing`];
  const id = path.at(-1);
  if (!does && clause === undefined) {
    const leg = verb === 'gives' ? 'from it' : 'to it';
    return [
      errorAt(
        at,
        `\`${id}\` ${verb} nothing`,
        `Add a leg ${leg}, or name the clause that says why: \`${verb}Nothing: "…"\`.`,
      ),
    ];
  }
  if (!does || clause === undefined) return [];
  return [
    errorAt(
      at,
      `the clause says that \`${id}\` ${verb} nothing, and a leg says otherwise`,
      `Remove \`${verb}Nothing\`, or the leg.`,
    ),
  ];
}

/** The parties that can be come to from `start` along legs, whichever way they point. */
function reach(start: string, edges: readonly { readonly from: string; readonly to: string }[]): ReadonlySet<string> {
  const reached = new Set([start]);
  for (let size = 0; size < reached.size; ) {
    size = reached.size;
    for (const { from, to } of edges) if (reached.has(from) || reached.has(to)) reached.add(from).add(to);
  }
  return reached;
}
