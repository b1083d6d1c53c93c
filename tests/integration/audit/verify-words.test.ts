import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecordKeeper } from '../../../lib/audit/grounds/record-folder';
import { writeSigned } from '../../../lib/audit/grounds/signed-versions';
import { sha256 } from '../../../lib/audit/node-crypto';
import { verifyWords } from '../../../lib/audit/verify/verify-words';
import { listDestruction } from '../../../lib/domain/audit/report/list-destruction';
import { readAuditRecords } from '../../../lib/domain/audit/report/read-audit-records';
import { registerAgreement } from '../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../lib/domain/enforcement/registration/sign-version';
import { planErasure } from '../../../lib/domain/exchange/erasure/plan-erasure';
import { openRegistry } from '../../../lib/domain/registry/registry';
import { verifySignature } from '../../../lib/registry/verify-signature';
import { releaseOf, roundOf } from '../../fixtures/conduct';
import { openMemoryStore } from '../../fixtures/memory-store';
import { attestationOf, confirmationOf, releaseAttestationsOf, signerOf, stateAs } from '../../fixtures/party-keys';
import { TELCO_RETAIL_PLAN } from '../../fixtures/plan';
import { EARLY, signatureOf, versionOf } from '../../fixtures/registered';

const PLAN = {
  ...TELCO_RETAIL_PLAN,
  legs: TELCO_RETAIL_PLAN.legs.map((leg) => ({ ...leg, retain: 'P30D' })),
};
const [USAGE, PURCHASES] = PLAN.legs.map(({ id }) => id) as [string, string];
const [ID, PRODUCED, AT] = [PLAN.agreement.id, '2027-06-01T00:00:00.000Z', '2027-01-05T00:00:00Z'];
const [FIRST, SECOND] = ['2026-01-01', '2026-01-08'] as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'barter-words-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A pack in which all was said and signed: all of one leg, a release of the other, a person erased, what arrived. */
async function writePack(changeRecord: (line: string) => string = (line) => line) {
  const { store } = openMemoryStore();
  const registry = openRegistry(store);
  await registerAgreement(registry, versionOf(PLAN), EARLY);
  await registry.enlist(ID);
  for (const { id } of PLAN.parties) await signVersion(registry, signatureOf(PLAN, id), verifySignature);
  for (const day of [FIRST, SECOND]) {
    await registry.rounds(ID).create(roundOf(PLAN, day));
    for (const leg of [USAGE, PURCHASES]) await registry.releases(ID).create(releaseOf(PLAN, leg, day));
  }
  await registry.attestations(ID).create(attestationOf(PLAN, USAGE, AT));
  for (const each of releaseAttestationsOf(PLAN, PURCHASES, AT, [FIRST]))
    await registry.releaseAttestations(ID).create(each);
  const said = { leg: USAGE, round: FIRST, sha256: 'a1'.repeat(32) };
  const arrived = { ...said, ...stateAs(PLAN, 'retail', { purpose: 'confirm-receipt', ...said }) };
  await registry.receipts(ID).create({ ...arrived, agreement: ID, party: 'retail', at: AT });
  const request = { dataset: 'usage', subject: 'ab'.repeat(32), tokens: {}, at: '2026-03-06T00:00:00Z' };
  const planned = planErasure(PLAN, { releases: await registry.releases(ID).list(), earlier: [] }, request);
  const confirmation = { ...confirmationOf(PLAN, USAGE, planned.id, [FIRST, SECOND]), at: AT };
  const receivers = planned.receivers.map((each) => ({ ...each, confirmations: [confirmation] }));
  await registry.erasures(ID).create({ ...planned, receivers });
  const keeper = openRecordKeeper(folder);
  const reading = { sha256, verify: verifySignature, now: PRODUCED, readCertificate: async () => undefined };
  const { agreements, conduct } = await readAuditRecords(openRegistry(keeper.keepStore(store)), reading);
  await keeper.finish();
  const inForce = agreements.flatMap(({ versions }) =>
    versions.map((version) => ({ ...version, places: [], sftpUsers: {}, doors: [] })),
  );
  const duties = [...listDestruction(inForce, conduct, PRODUCED), ...conduct.retention, ...conduct.erasures];
  const write = (name: string, values: readonly object[]) =>
    writeFileSync(join(folder, name), values.map((each) => `${JSON.stringify(each)}\n`).join(''));
  write('destruction.jsonl', duties);
  write('releases.jsonl', conduct.releases);
  change('record/registry.jsonl', changeRecord);
}

function change(name: string, changeLine: (line: string) => string): void {
  const path = join(folder, name);
  const lines = readFileSync(path, 'utf8').split('\n').map(changeLine);
  writeFileSync(path, lines.filter((line, at) => line !== '' || at === lines.length - 1).join('\n'));
}

const verify = async () => {
  const { findings, checked, unchecked = [] } = await verifyWords(folder, PRODUCED);
  return { found: findings.map(({ file, problem }) => `${file}: ${problem}`), checked, unchecked };
};

/** The value at a key of the lines that have all of these texts. */
const where =
  (texts: readonly string[], to: (line: string) => string) =>
  (line: string): string =>
    texts.every((text) => line.includes(text)) ? to(line) : line;
const forge = (line: string) => line.replace(/"signature":"..../, '"signature":"AAAA');
const eve = signerOf('eve').publicKey;

test('what parties have signed is verified, with the keys that they held', async () => {
  await writePack();
  expect(await verify()).toEqual({
    found: [],
    checked: [
      '5 signed words of destroyed and erased data were verified, and 1 of what arrived, with the keys that their parties held by the record',
    ],
    unchecked: [],
  });
  const states = readFileSync(join(folder, 'destruction.jsonl'), 'utf8').trim().split('\n');
  expect(states.map((line) => JSON.parse(line).state)).toEqual(
    expect.arrayContaining(['given', 'given', 'given', 'given', 'overdue']),
  );
});

const OF_RELEASE = [`"round":"${FIRST}"`, `"leg":"${PURCHASES}"`];
describe('what its signer changes before it signs again is found: in the record', () => {
  test.each<[string, readonly string[], (line: string) => string, string]>([
    [
      'the signature of an attestation',
      ['"attestation#'],
      forge,
      'told as given, and by what is signed it is unproven',
    ],
    ['the words of an attestation', ['"attestation#'], (line) => line.replace('shredded', 'kept'), 'it is unproven'],
    [
      'the key of an attestation',
      ['"attestation#'],
      (line) => line.replace(signerOf('retail').publicKey, eve),
      'unproven',
    ],
    ['an attestation that is gone', ['"attestation#'], () => '', 'told as given, and by what is signed it is overdue'],
    ['a release’s attestation', ['"release-attestation#'], forge, 'it is unproven'],
    [
      'the round of a release’s attestation',
      ['"release-attestation#'],
      (line) => line.replaceAll(FIRST, SECOND),
      'given',
    ],
    ['a confirmed erasure', ['"erasure#'], forge, 'told as given, and by what is signed it is unproven'],
    ['a receipt', ['"receipt#'], forge, 'what arrived is told as as-promised, and by what is signed it is unproven'],
    ['a receipt that is gone', ['"receipt#'], () => '', 'by what is signed it is not-compared'],
    [
      'a signed version',
      ['"signature#', '#retail"'],
      forge,
      'version 1 of telco-retail-2026 is not signed by retail: not-genuine',
    ],
    [
      'a record that hangs together no more',
      ['"receipt#'],
      (line) => line.replace('"leg":', '"lag":'),
      'it is not what a report keeps of a record',
    ],
    ['a line that is none', ['"receipt#'], () => '{}', 'it is not what a report keeps of a record'],
  ])('%s', async (_, texts, to, problem) => {
    await writePack(where(texts, to));
    expect((await verify()).found.join('\n')).toContain(problem);
  });
});

describe('and in what is told', () => {
  test.each<[string, string, readonly string[], (line: string) => string, string]>([
    ['the signature of an attestation', 'destruction', [], forge, 'it is not what retail has said on record'],
    [
      'the name in an attestation',
      'destruction',
      [],
      (line) => line.replace('A. Keeper', 'B. Keeper'),
      'not what retail has said',
    ],
    [
      'a word that nobody said',
      'destruction',
      ['"state":"overdue"'],
      (line) => line.replace('overdue', 'given'),
      'no signed word of',
    ],
    [
      'a word taken away',
      'destruction',
      OF_RELEASE,
      (line) => line.replace('"given"', '"overdue"'),
      'told as overdue, and by what is signed it is given',
    ],
    [
      'a duty left out',
      'destruction',
      ['"state":"overdue"'],
      () => '',
      'has to destroy of retail-telco-purchases is not told',
    ],
    ['a line that is no duty', 'destruction', OF_RELEASE, () => '[]', 'it is no duty to destroy'],
    ['what arrived', 'releases', ['"as-promised"'], (line) => line.replace('as-promised', 'other'), 'told as other'],
    [
      'that something arrived',
      'releases',
      [`"round":"${SECOND}"`],
      (line) => line.replace('not-compared', 'as-promised'),
      'it is not-compared',
    ],
  ])('%s', async (_, name, texts, to, problem) => {
    await writePack();
    change(`${name}.jsonl`, where(texts, to));
    expect((await verify()).found.join('\n')).toContain(problem);
  });
});

/** The attestation of the whole leg, signed by whoever makes a key of his own and puts it beside. */
const signedByEve = (line: string) => {
  const { attestation, ...duty } = JSON.parse(line);
  const { leg, by, statement } = attestationOf(PLAN, USAGE, AT);
  const said = { purpose: 'attest-destruction', leg, by, statement } as const;
  return JSON.stringify({
    ...duty,
    attestation: { ...attestation, ...stateAs(PLAN, 'retail', said, signerOf('eve')) },
  });
};
const WHOLE = [`"leg":"${USAGE}"`, '"by":"A. Keeper"'];
const SECOND_VERSION = { ...PLAN, agreement: { ...PLAN.agreement, version: 2 } };
/** The attestation of the whole leg, signed under the second version. */
const underSecond = (line: string, signer = signerOf('retail')) => {
  const { attestation, ...duty } = JSON.parse(line);
  const { leg, by, statement } = attestationOf(PLAN, USAGE, AT);
  const signed = stateAs(SECOND_VERSION, 'retail', { purpose: 'attest-destruction', leg, by, statement }, signer);
  return JSON.stringify({ ...duty, attestation: { ...attestation, ...signed } });
};

describe('in a party’s own pack each word is verified with the keys that parties held by what they signed', () => {
  const toPartyPack = () => {
    writeSigned(folder, folder, ID, 'retail');
    rmSync(join(folder, 'record'), { recursive: true });
  };

  test.each<[string, readonly string[], (line: string) => string, string | undefined]>([
    ['as it was said', [], (line) => line, undefined],
    ['with another signature', WHOLE, forge, 'by what is signed it is not: not-genuine'],
    ['with a key that somebody made, and its signature', WHOLE, signedByEve, 'by what is signed it is not: other-key'],
    [
      'under a version that nobody signed',
      WHOLE,
      (line) => line.replaceAll('"version":1', '"version":0'),
      'by what is signed it is not: other-version',
    ],
    [
      'under a version that came later, and not signed as said under it',
      WHOLE,
      (line) => line.replaceAll('"version":1', '"version":2'),
      'by what is signed it is not: not-genuine',
    ],
  ])('%s', async (_, texts, to, problem) => {
    await writePack();
    toPartyPack();
    change('destruction.jsonl', where(texts, to));
    const { found, checked } = await verify();
    if (problem === undefined) expect(found).toEqual([]);
    else expect(found.join('\n')).toContain(problem);
    expect(checked[0]).toBe(`version 1 of ${ID} is the one of hash ${PLAN.agreement.content}`);
    expect(checked[1]).toContain('by the versions that they signed');
  });

  test('under a version that came when the party was none any more it is, where the key is the same', async () => {
    await writePack();
    toPartyPack();
    change('destruction.jsonl', where(WHOLE, underSecond));
    expect(await verify()).toMatchObject({ found: [], unchecked: [] });
    change(
      'destruction.jsonl',
      where(WHOLE, (line) => underSecond(line, signerOf('eve'))),
    );
    const { found, checked, unchecked } = await verify();
    expect([found, checked.at(-1)]).toEqual([[], expect.stringMatching(/^2 signed words of /)]);
    expect(unchecked).toEqual([expect.stringContaining('whose 3 signed words are: said under a version')]);
  });

  test('a version that not all have signed has nobody’s keys', async () => {
    await writePack();
    toPartyPack();
    const parties = [{ id: 'retail', signingKey: eve }, { id: 'telco' }];
    const second = readFileSync(join(folder, 'signed.jsonl'), 'utf8')
      .split('\n')
      .find((line) => line.includes('"version#'))!;
    const { record, ...item } = JSON.parse(second);
    const plan = { ...record.plan, agreement: SECOND_VERSION.agreement, parties };
    const drafted = { ...item, sk: item.sk.replace(/1$/, '2'), record: { ...record, version: 2, plan } };
    appendFileSync(join(folder, 'signed.jsonl'), `${JSON.stringify(drafted)}\n`);
    change(
      'destruction.jsonl',
      where(WHOLE, (line) => underSecond(line, signerOf('eve'))),
    );
    expect((await verify()).found.join('\n')).toContain('by what is signed it is not: other-version');
  });

  test('which the key beside it alone does not tell', async () => {
    await writePack();
    rmSync(join(folder, 'record'), { recursive: true });
    change('destruction.jsonl', where(WHOLE, signedByEve));
    expect((await verify()).found).toEqual([]);
  });

  test.each<[string, (line: string) => string, string]>([
    [
      'a signature',
      where(['"signature#', '#retail"'], forge),
      `version 1 of ${ID} is not signed by retail: not-genuine`,
    ],
    ['a line', where(['"version#'], () => '{}'), 'it is not what a report keeps of what parties signed'],
  ])('%s of what was signed that is changed is found', async (_, to, problem) => {
    await writePack();
    toPartyPack();
    change('signed.jsonl', to);
    expect((await verify()).found.join('\n')).toContain(problem);
  });

  test('of the record it holds what was signed, and only as long as the party is one', async () => {
    await writePack();
    const later = { agreement: ID, version: 2, plan: { ...PLAN, parties: [{ id: 'telco' }, { id: 'bank' }] } };
    const line = JSON.stringify({ pk: `agreement#${ID}`, sk: 'version#00000002', revision: 1, record: later });
    appendFileSync(join(folder, 'record/registry.jsonl'), `${line}\n`);
    const keptFor = (party: string) => {
      writeSigned(folder, folder, ID, party);
      const lines = readFileSync(join(folder, 'signed.jsonl'), 'utf8').trimEnd().split('\n');
      return lines.map((each) => JSON.parse(each).sk.replace(/#.*#/, ' ').replace(/#0+/, ' '));
    };
    expect(keptFor('retail').toSorted()).toEqual(['signature retail', 'signature telco', 'version 1']);
    const kept = readFileSync(join(folder, 'signed.jsonl'), 'utf8');
    for (const { id, dataset } of PLAN.legs) for (const name of [id, `"${dataset}"`]) expect(kept).not.toContain(name);
    expect(keptFor('telco')).toContain('version 2');
  });
});

describe('in a party’s own pack, without what was signed, each word is verified by itself', () => {
  test.each<[string, (line: string) => string, string | undefined]>([
    ['as it was said', (line) => line, undefined],
    ['with another signature', forge, 'is not signed with the key beside it'],
    ['with another name', (line) => line.replace('A. Keeper', 'B. Keeper'), 'is not signed with the key beside it'],
    [
      'of another leg',
      (line) => line.replaceAll(PURCHASES, 'another-leg-data'),
      'is not signed with the key beside it',
    ],
    ['of other rounds', (line) => line.replace(`"releases":["${FIRST}"`, `"releases":["${SECOND}"`), 'not signed with'],
  ])('%s', async (_, to, problem) => {
    await writePack();
    rmSync(join(folder, 'record'), { recursive: true });
    change('destruction.jsonl', to);
    const { found, checked } = await verify();
    if (problem === undefined) expect(found).toEqual([]);
    else expect(found.join('\n')).toContain(problem);
    expect(checked[0]).toContain('what the parties signed is not in this pack');
  });

  test('a duty that is added is told apart from one on record', async () => {
    await writePack();
    const line = readFileSync(join(folder, 'destruction.jsonl'), 'utf8').split('\n')[0]!;
    appendFileSync(join(folder, 'destruction.jsonl'), `${line.replaceAll(USAGE, 'another-leg-data')}\n`);
    expect((await verify()).found).toContainEqual(expect.stringContaining('nothing on record is said by'));
  });
});
