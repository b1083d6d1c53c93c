import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Inventory } from '../../../lib/audit/grounds/inventory';
import { placeRecorded } from '../../../lib/audit/grounds/place-recorded';
import { openRecordKeeper, RECORD_FILES } from '../../../lib/audit/grounds/record-folder';
import { sha256 } from '../../../lib/audit/node-crypto';
import { MAIN_ROWS } from '../../../lib/audit/pack/open-packs';
import { readPackReport } from '../../../lib/audit/pack/read-pack-report';
import { signPack } from '../../../lib/audit/pack/sign-pack';
import { runAudit } from '../../../lib/audit/run-audit';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import type { Plan } from '../../../lib/domain/agreement/plan/plan';
import type { AuditReport } from '../../../lib/domain/audit/report/audit-report';
import { judgeReport } from '../../../lib/domain/audit/report/judge-report';
import { mapStandards } from '../../../lib/domain/audit/report/map-standards';
import { readAuditRecords } from '../../../lib/domain/audit/report/read-audit-records';
import { recordOperation } from '../../../lib/domain/audit/report/record-operation';
import type { ReportedAccess } from '../../../lib/domain/audit/report/reported-access';
import { writeToldBreach } from '../../../lib/domain/exchange/peers/told-breach';
import type { ToldBreach } from '../../../lib/domain/registry/conduct-records';
import type { RecordStore } from '../../../lib/domain/registry/record-store';
import { openRegistry } from '../../../lib/domain/registry/registry';
import { verifySignature } from '../../../lib/registry/verify-signature';
import { breachOf, roundOf } from '../../fixtures/conduct';
import { attestationOf, signerOf, wordOf } from '../../fixtures/party-keys';
import { registerSigned } from '../../fixtures/registered';
import { makeTwoPartyPlan } from '../../fixtures/sample-plan';
import { makeStoredRelease } from '../../fixtures/stored-release';
import { reportTried } from '../../unit/audit/mutations';
import { BUCKET, LEDGER, makeS3Read, PARTNER, REGION, ROOM } from '../../unit/audit/scenario';
import { makeFolder, OUTPUTS, prepareTrial, put, TOOLS, writeLogs } from './audit-trial';

const BASE = makeTwoPartyPlan();
const PLAN: Plan = {
  ...BASE,
  remedies: [{ on: 'late-delivery', after: 'P3D', do: 'suspend-counterpart' }],
};
const [USAGE, PURCHASES] = PLAN.legs as [Plan['legs'][number], Plan['legs'][number]];
const { id: ID } = PLAN.agreement;
/** Long after the term: what was not attested is overdue. */
const [PRODUCED, DAY] = ['2027-06-01T00:00:00Z', '2026-03-01'] as const;
const INVENTORY = {
  room: {
    account: ROOM,
    region: REGION,
    landingBucket: BUCKET,
    lakeBucket: BUCKET,
    ledgerBucket: LEDGER,
    accounts: [],
    topology: 'hosted',
    operatorParty: 'telco',
  },
  trails: [],
  selectors: {},
  agreements: {},
} satisfies Inventory;

/** A day on which a round was published and a party was late, of which somebody complained, and something was changed by hand. */
async function makePack() {
  const { registry, store } = await registerSigned(PLAN);
  await registry.enlist(ID);
  const { record, objects } = makeStoredRelease(PLAN, USAGE, DAY);
  await registry.releases(ID).create({ ...record, state: 'final', at: `${DAY}T08:00:00Z` });
  await registry.rounds(ID).create(roundOf(PLAN, DAY));
  const late = { party: 'retail', leg: PURCHASES.id, since: `${DAY}T06:00:00Z` };
  await registry.breaches(ID).create(breachOf(PLAN, late));
  await registry.attestations(ID).create(attestationOf(PLAN, PURCHASES.id, '2027-01-05T00:00:00Z'));
  const said = { id: 'problem-1', agreement: ID, party: 'retail', text: 'the column is empty' };
  await registry.problems(ID).create({ ...said, at: `${DAY}T09:00:00Z` });
  const by = { account: '444455556666', did: 'added' as const, clause: 'legs[0]', reason: 'not-agreed' };
  await registry.drifts(ID).create({ agreement: ID, day: DAY, leg: USAGE.id, ...by, at: `${DAY}T08:00:00Z` });
  return writePack(store, async (file) => objects.get(file), HOSTED);
}

/** A pack of a peer's room, which heard from another's of a breach. */
async function makePeerPack() {
  const { registry, store } = await registerSigned(PLAN, undefined, { kind: 'peer', party: 'telco' });
  await registry.enlist(ID);
  const said = { from: 'retail', party: 'telco', at: `${DAY}T07:00:00Z` };
  const heard = { heardAt: `${DAY}T08:00:00Z`, held: { from: `${DAY}T08:00:00Z` } };
  await registry.toldBreaches(ID).create(wordOf(PLAN, said, { measures: ['suspend-party'], ...heard }));
  return writePack(store, async () => undefined, { accounts: [ROOM], topology: 'peer', operatorParty: 'telco' });
}

const HOSTED = { accounts: [ROOM], topology: 'hosted', operatorParty: 'telco' } as const;

async function writePack(
  store: RecordStore,
  readText: (file: string) => Promise<string | undefined>,
  room: AuditReport['header']['room'],
) {
  const logs = makeFolder();
  writeLogs(logs, makeS3Read({ key: `${ID}/${USAGE.id}/a`, at: `${DAY}T08:05:00Z`, account: PARTNER }));
  const run = prepareTrial(logs);
  const keeper = openRecordKeeper(run.out);
  const readCertificate = keeper.keepCertificates(readText);
  const reading = { sha256, verify: verifySignature, now: PRODUCED, readCertificate };
  const records = await readAuditRecords(openRegistry(keeper.keepStore(store)), reading);
  const inventory = { ...INVENTORY, room: { ...INVENTORY.room, topology: room.topology } };
  keeper.putValue(RECORD_FILES.inventory, inventory);
  await keeper.finish();
  await runAudit(
    {
      ...run,
      ...placeRecorded({ recorded: records.agreements, unrecorded: new Map() }, inventory),
      decisions: records.decisions,
      conduct: records.conduct,
      room,
      parties: join(run.out, 'parties'),
      produced: PRODUCED,
      from: `${DAY}T00:00:00Z`,
      to: '2026-03-02T00:00:00Z',
    },
    OUTPUTS,
  );
  return { folder: run.out, signer: run.signer };
}

/** Whoever signs draws all that follows from it again. @returns what is found */
async function forge({ folder, signer }: Awaited<ReturnType<typeof makePack>>, change: (told: AuditReport) => object) {
  const report = readPackReport(folder)!;
  const changed: AuditReport = { ...report, ...change(report) };
  const told = { ...changed, verdict: judgeReport(changed) };
  const page = OUTPUTS.openPage({ rows: MAIN_ROWS });
  const rows = readFileSync(join(folder, 'accesses.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  for (const row of rows) page.add(JSON.parse(row) as ReportedAccess);
  const files = Object.entries(page.render({ ...told, standards: mapStandards(told) }));
  const before = files.map(([name]) => [name, readFileSync(join(folder, name))] as const);
  for (const [name, text] of files) put(folder, name, text);
  await signPack(folder, signer, { produced: changed.header.produced, toolVersion: TOOLS.toolVersion });
  const { findings } = await verifyPack(folder, signer.key, TOOLS);
  for (const [name, text] of before) put(folder, name, text);
  return findings.map(({ file, problem }) => `${file}: ${problem}`);
}

const REPORT = 'report.json: ';
const PROCESSING = 'processing-record.json: ';
const LEDGER_TOLD = 'what it says of the ledger is not what its checkpoint says';
const otherwise = (what: string) => `${what} are not those that record has`;

it('finds whatever a signer tells otherwise of conduct, of what is due, and of whose room it is', async () => {
  const pack = await makePack();
  const honest = await verifyPack(pack.folder, pack.signer.key, TOOLS);
  expect(honest.findings).toEqual([]);
  const { breaches, rounds, releases, problems, drifts, destruction } = readPackReport(pack.folder)!;
  expect([breaches, rounds, releases, problems, drifts].map((each) => each.length)).toEqual([1, 1, 1, 1, 1]);
  expect(releases[0]?.certificate.state).toBe('read');
  expect(destruction.map(({ state }) => state).toSorted()).toEqual(['given', 'overdue', 'overdue']);
  const breach = otherwise(`${REPORT}its breaches and remedies`);
  const release = otherwise(`${REPORT}its releases`);
  const duty = otherwise(`${PROCESSING}its duties to destroy`);
  const room = otherwise(`${REPORT}its words on the room`);
  const change = <T>(list: readonly T[], to: Partial<T>) => list.map((each) => ({ ...each, ...to }));
  const header = (to: Partial<AuditReport['header']>) => (told: AuditReport) => ({ header: { ...told.header, ...to } });
  const operator = (to: Partial<AuditReport['operator']>) => (told: AuditReport) => ({
    operator: { ...told.operator, ...to },
  });
  const ledger = (to: object) => (told: AuditReport) => ({
    header: { ...told.header, ledger: { ...told.header.ledger, ...to } },
  });
  const neutral = { accounts: [ROOM], topology: 'hosted' } as const;
  const forgeries: readonly (readonly [string, (told: AuditReport) => object, string])[] = [
    ['no breach', () => ({ breaches: [] }), breach],
    ['a breach by the other', () => ({ breaches: change(breaches, { party: 'telco' }) }), breach],
    ['a breach that is over', () => ({ breaches: change(breaches, { resolvedAt: `${DAY}T09:00:00Z` }) }), breach],
    ['no remedy', () => ({ breaches: change(breaches, { remedies: [] }) }), breach],
    ['a round withheld', () => ({ rounds: change(rounds, { state: 'withheld' }) }), otherwise(`${REPORT}its rounds`)],
    ['no round', () => ({ rounds: [] }), otherwise(`${REPORT}its rounds`)],
    ['another hash of a release', () => ({ releases: change(releases, { sha256: '00'.repeat(32) }) }), release],
    ['another risk of a release', () => ({ releases: change(releases, { rows: 1 }) }), release],
    ['no release', () => ({ releases: [] }), release],
    ['no problem', () => ({ problems: [] }), otherwise(`${REPORT}its problems`)],
    ['no change by hand', () => ({ drifts: [] }), otherwise(`${REPORT}its changes by hand`)],
    [
      'nothing overdue',
      () => ({
        destruction: destruction.map((each) => ({
          ...each,
          ...(each.state === 'overdue' ? { state: 'not-due' } : {}),
        })),
      }),
      duty,
    ],
    ['due later', () => ({ destruction: change(destruction, { due: '2030-01-01' }) }), duty],
    [
      'a neutral operator',
      (told) => ({ ...header({ room: neutral })(told), operation: recordOperation([{ plan: PLAN }], neutral) }),
      room,
    ],
    ['another topology', header({ room: { ...neutral, topology: 'peer', operatorParty: 'telco' } }), room],
    [
      'nobody runs it',
      ({ operator: { party: _, ...rest } }) => ({ operator: rest }),
      otherwise(`${REPORT}its words on who runs the room`),
    ],
    [
      'an operator that reaches nothing',
      operator({ reach: [] }),
      otherwise(`${REPORT}its words on what whoever runs the room reaches`),
    ],
    [
      'all is seen',
      () => ({ unseen: [] }),
      `${REPORT}what it says that no log can show is not what follows from its accesses`,
    ],
    [
      'one party’s',
      header({ recipient: { agreement: ID, party: 'retail' } }),
      `${REPORT}it says that it is one party’s, and has the whole record`,
    ],
    ['earlier', header({ produced: '2026-12-01T00:00:00Z' }), duty],
    ['a larger ledger', ledger({ size: 9999 }), `${REPORT}${LEDGER_TOLD}`],
    ['another ledger', ledger({ root: 'x' }), `${REPORT}${LEDGER_TOLD}`],
  ];
  for (const [name, to, problem] of forgeries)
    expect([name, await forge(pack, to)]).toEqual([name, expect.arrayContaining([problem])]);
  reportTried('conduct', forgeries.length);
  await signPack(pack.folder, pack.signer, { produced: '2026-12-01T00:00:00Z', toolVersion: TOOLS.toolVersion });
  const { findings } = await verifyPack(pack.folder, pack.signer.key, TOOLS);
  expect(findings).toContainEqual({
    file: 'report.json',
    problem: 'it says that it was made at another time than the manifest',
  });
});

it('finds what a signer tells otherwise of other rooms’ words on breaches, or leaves out', async () => {
  const pack = await makePeerPack();
  const honest = await verifyPack(pack.folder, pack.signer.key, TOOLS);
  expect(honest.findings).toEqual([]);
  const { told = [] } = readPackReport(pack.folder)!;
  expect(told.map(({ from, party, fault }) => [from, party, fault])).toEqual([['retail', 'telco', undefined]]);
  const [word] = told;
  const forgeries: readonly (readonly [string, readonly object[] | undefined])[] = [
    ['no word', undefined],
    ['none of them', []],
    ['a word of another', [{ ...word, from: 'telco', party: 'retail' }]],
    ['a milder word', [{ ...word, measures: [] }]],
    ['a word that is over', [{ ...word, until: `${DAY}T09:00:00Z` }]],
    ['a word that nobody signed', [{ ...word, fault: 'not-genuine' }]],
    ['a word that was never said', [word!, { ...word, report: 'another' }]],
  ];
  for (const [name, to] of forgeries)
    expect([name, await forge(pack, () => ({ told: to }))]).toEqual([
      name,
      [otherwise(`${REPORT}its words of other rooms on breaches`)],
    ]);
  reportTried('words', forgeries.length);
  for (const party of ['telco', 'retail']) {
    const own = join(pack.folder, 'parties', ID, party);
    const { findings, checked } = await verifyPack(own, pack.signer.key, TOOLS);
    expect([party, findings, readPackReport(own)?.told]).toEqual([party, [], told]);
    expect(checked).toContainEqual(
      expect.stringMatching(/, and 1 on breaches, with the keys that their parties held by/),
    );
  }
});

it('finds in a party’s own pack what other rooms did not sign as it is told, though its signer signs all again', async () => {
  const { folder, signer } = await makePeerPack();
  const own = join(folder, 'parties', ID, 'retail');
  const [word] = readPackReport(own)!.told!;
  const { heard } = word!;
  const as = (name: string, changed: Partial<ToldBreach> = {}) => {
    const { algorithm, publicKey, sign } = signerOf(name);
    const { heard: _, ...said } = { ...word!, ...changed };
    return { ...said, algorithm, publicKey, signature: sign(writeToldBreach(said)), heard };
  };
  expect(as('retail')).toEqual(word);
  const forgeries: readonly (readonly [string, object, string])[] = [
    ['a milder word', { ...word, measures: [] }, 'the word of retail, and by what is signed it is not: not-genuine'],
    ['of another breach', { ...word, report: 'another' }, 'and by what is signed it is not: not-genuine'],
    ['by another key', as('eve'), 'and by what is signed it is not: other-key'],
    [
      'of another',
      as('eve', { from: 'telco', party: 'retail' }),
      'the word of telco, and by what is signed it is not:',
    ],
    ['under no version', as('retail', { version: 0 }), 'it is no word on a breach'],
    ['of another content', as('retail', { content: 'b'.repeat(64) }), 'and by what is signed it is not: other-version'],
    [
      'as nobody’s',
      { ...word, fault: 'not-genuine' },
      'not the (not-genuine) word of retail, and by what is signed it is its word',
    ],
    ['as another’s', { ...as('eve'), fault: 'not-genuine' }, 'by what is signed it is not: other-key'],
    ['with more', { ...word, measured: [] }, 'it is no word on a breach'],
  ];
  for (const [name, to, problem] of forgeries)
    expect([name, await forge({ folder: own, signer }, () => ({ told: [to] }))]).toEqual([
      name,
      [expect.stringMatching(new RegExp(`^told\\.jsonl:1: .*${problem.replace(/[()]/g, '\\$&')}`))],
    ]);
  // Signed under a version of after the last that this pack has: which key was held then is not known here.
  const later = { version: 2, content: 'c'.repeat(64) };
  for (const to of [as('eve', later), { ...as('retail', later), fault: 'other-key' as const }])
    expect(await forge({ folder: own, signer }, () => ({ told: [to] }))).toEqual([]);
  expect(await forge({ folder: own, signer }, () => ({ told: [{ ...as('eve', later), measures: [] }] }))).toEqual([
    'told.jsonl:1: it is told as the word of retail, and by what is signed it is not: not-genuine',
  ]);
  rmSync(join(own, 'signed.jsonl'));
  const besides = { ...word, measures: [] };
  expect(await forge({ folder: own, signer }, () => ({ told: [besides] }))).toEqual([
    'told.jsonl:1: it is told as the word of retail, and is not signed with the key beside it',
  ]);
  // What is told as nobody's word need not be signed; and what the key beside it alone does not tell.
  for (const to of [{ ...besides, fault: 'not-genuine' as const }, as('eve')])
    expect(await forge({ folder: own, signer }, () => ({ told: [to] }))).toEqual([]);
});
