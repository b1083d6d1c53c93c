import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateAuditSample } from '../../../examples/audit/generate';
import { openNoteSigner } from '../../../lib/audit/ledger/note-signer';
import { parseTrailKeys } from '../../../lib/audit/logs/read-digests';
import { MAIN_ROWS } from '../../../lib/audit/pack/open-packs';
import { readPackReport } from '../../../lib/audit/pack/read-pack-report';
import { signPack } from '../../../lib/audit/pack/sign-pack';
import { verifyPack } from '../../../lib/audit/verify/verify-pack';
import { verifyTrailFolder } from '../../../lib/audit/verify/verify-trail-folder';
import { TOOL_VERSION } from '../../../lib/cli/tool-version';
import type { AuditReport } from '../../../lib/domain/audit/report/audit-report';
import { REPORT_CAPS } from '../../../lib/domain/audit/report/build-audit-report';
import { collectExceptions } from '../../../lib/domain/audit/report/collect-exceptions';
import { judgeReport } from '../../../lib/domain/audit/report/judge-report';
import { mapStandards } from '../../../lib/domain/audit/report/map-standards';
import type { ReportedAccess } from '../../../lib/domain/audit/report/reported-access';
import type { ReportedException } from '../../../lib/domain/audit/report/reported-exception';
import { reportTried } from '../../unit/audit/mutations';
import { runAuditCommand } from '../cli/run-audit-command';
import { makeFolder, OUTPUTS } from './audit-trial';

/** Who signs a pack and draws all that follows from it again, by the tool's own functions: nothing in it contradicts the rest. */
interface Forged {
  readonly report: AuditReport;
  readonly exceptions: readonly ReportedException[];
}
type Checked = Exclude<AuditReport['header']['integrity'], { readonly kind: 'not-checked' }>;
type Forge = (pack: Forged) => Forged;

const folder = makeFolder();
const at = (name: string) => join(folder, name);
const PACK = at('pack');
const TOOLS = { outputs: OUTPUTS, toolVersion: TOOL_VERSION };
const FILES = ['report.json', 'audit.html', ...OUTPUTS.exceptions.map(({ name }) => name)];
const signer = () => openNoteSigner(at('audit.pem'), 'barter-room/999900001111');
const trailKeys = () => parseTrailKeys('keys', readFileSync(at('sample/trail-keys.json'), 'utf8'));

beforeAll(async () => {
  generateAuditSample({ directory: at('sample') });
  const code = await audit(at('sample/logs'), PACK, '--from', '2026-03-02', '--to', '2026-03-03');
  expect(code).toBe(3);
});

async function audit(logs: string, out: string, ...period: readonly string[]): Promise<number> {
  const { code } = await runAuditCommand(
    ...['audit', '--agreements', at('sample/agreements'), '--decisions', at('sample/decisions.jsonl')],
    ...['--logs', logs, '--digests', at('sample/digests'), '--trail-keys', at('sample/trail-keys.json')],
    ...[...period, '--key', at('audit.pem'), '--out', out],
  );
  return code;
}

function readLines<T>(file: string): readonly T[] {
  const lines = readFileSync(join(PACK, file), 'utf8').split('\n');
  return lines.flatMap((line): T[] => (line === '' ? [] : [JSON.parse(line)]));
}

/** @returns what is found: in the pack alone, and with logs and digests */
async function findIn(forge: Forge): Promise<readonly [alone: readonly string[], withLogs: readonly string[]]> {
  const before = new Map(FILES.map((file) => [file, readFileSync(join(PACK, file))]));
  write(forge({ report: readPackReport(PACK)!, exceptions: readLines('exceptions.jsonl') }));
  const { produced } = readPackReport(PACK)!.header;
  await signPack(PACK, signer(), { produced, toolVersion: TOOL_VERSION });
  const alone = await verifyPack(PACK, signer().key, TOOLS);
  const withLogs = await verifyTrailFolder(PACK, at('sample/logs'), at('sample/digests'), trailKeys(), TOOL_VERSION);
  for (const [file, content] of before) writeFileSync(join(PACK, file), content);
  return [alone.findings.map(({ problem }) => problem), withLogs.findings.map(({ problem }) => problem)];
}

function write({ report, exceptions }: Forged): void {
  const collected = collectExceptions(REPORT_CAPS.exceptions);
  for (const exception of exceptions) collected.add(exception);
  const judged = { ...report, exceptions: collected.finish() };
  const told = { ...judged, verdict: judgeReport(judged) };
  const whole = { ...told, standards: mapStandards(told) };
  const page = OUTPUTS.openPage({ rows: MAIN_ROWS });
  for (const row of readLines<ReportedAccess>('accesses.jsonl')) page.add(row);
  for (const { name, head, formatRow } of OUTPUTS.exceptions)
    writeFileSync(join(PACK, name), head + exceptions.map((exception) => formatRow(exception)).join(''));
  for (const [name, text] of Object.entries(page.render(whole))) writeFileSync(join(PACK, name), text);
}

const header =
  (change: (told: AuditReport['header']) => Partial<AuditReport['header']>): Forge =>
  ({ report, exceptions }) => ({
    report: { ...report, header: { ...report.header, ...change(report.header) } },
    exceptions,
  });
const without =
  (...kinds: readonly string[]): Forge =>
  ({ report, exceptions }) => ({ report, exceptions: exceptions.filter(({ kind }) => !kinds.includes(kind)) });
const both =
  (...forges: readonly Forge[]): Forge =>
  (pack) =>
    forges.reduce((done, forge) => forge(done), pack);
const integrity = (change: Partial<Checked>): Forge =>
  header(({ integrity: told }) => (told.kind === 'not-checked' ? {} : { integrity: { ...told, ...change } }));
const coverage =
  (change: (runs: AuditReport['coverage']) => AuditReport['coverage']): Forge =>
  ({ report, exceptions }) => ({
    report: { ...report, coverage: change(report.coverage) },
    exceptions,
  });
const hour = (count: number) => new Date(Date.parse('2026-03-02T00:00:00Z') + count * 3_600_000).toISOString();

it('finds nothing in what was signed anew and not changed', async () => {
  expect(await findIn((pack) => pack)).toEqual([[], []]);
});

// The sample’s log file of 16:55 is missing.
it.each([
  ['15:00', 'intact', true],
  ['16:30', 'broken', undefined],
  ['16:45', 'broken', undefined],
] as const)(
  'a log file that is missing after the time that is told leaves it whole: until %s it is %s',
  async (to, kind, outside) => {
    const out = at(`until-${to.replace(':', '')}`);
    await audit(at('sample/logs'), out, '--from', '2026-03-02', '--to', `2026-03-02T${to}:00Z`);
    const { header, verdict, accesses } = readPackReport(out)!;
    // What the logs tell of later is of no time of this report.
    expect(accesses.pending).toBe(0);
    const findings = [expect.objectContaining({ kind: 'missing-log', ...(outside && { outside }) })];
    expect(header.integrity).toMatchObject({ kind, findings });
    expect(verdict.sentence).toContain(
      outside ? 'proven whole and unchanged for all 15 hours' : 'not be fully believed',
    );
    expect(readFileSync(join(out, 'exceptions.jsonl'), 'utf8').includes('broken-integrity')).toBe(!outside);
    expect((await verifyPack(out, signer().key, TOOLS)).findings).toEqual([]);
    const withLogs = await verifyTrailFolder(out, at('sample/logs'), at('sample/digests'), trailKeys(), TOOL_VERSION);
    expect(withLogs.findings).toEqual([]);
  },
);

it('finds an honest pack to be that, where neither a digest nor the name of a log file tells until when', async () => {
  const flat = at('flat');
  mkdirSync(flat);
  const files = (readdirSync(at('sample/logs'), { recursive: true }) as string[]).filter((each) =>
    each.endsWith('.gz'),
  );
  for (const [number, file] of files.entries())
    cpSync(join(at('sample/logs'), file), join(flat, `part-${number}.json.gz`));
  cpSync(at('sample/digests'), at('others'), { recursive: true });
  rmSync(at('others/metadata.jsonl'));
  const [out, digests] = [at('flat-pack'), at('others')];
  await audit(flat, out, '--from', '2026-03-02', '--to', '2026-03-03', '--digests', digests);
  expect(readPackReport(out)!.header.integrity).toMatchObject({ kind: 'broken', digests: { believed: 0 } });
  expect((await verifyPack(out, signer().key, TOOLS)).findings).toEqual([]);
  expect((await verifyTrailFolder(out, flat, digests, trailKeys(), TOOL_VERSION)).findings).toEqual([]);
});

it('where no end is asked for, the last log files are missed as all others', async () => {
  cpSync(at('sample/logs'), at('short'), { recursive: true });
  const day = at('short/AWSLogs/999900001111/CloudTrail/eu-central-1/2026/03/02');
  for (const hour of ['00', '22', '23'])
    rmSync(join(day, `999900001111_CloudTrail_eu-central-1_20260302T${hour}55Z_sample${hour}.json.gz`));
  await audit(at('short'), at('derived'));
  const { header } = readPackReport(at('derived'))!;
  expect(header.period).toEqual({ from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' });
  expect(header.integrity).toMatchObject({ kind: 'broken' });
  const told = readFileSync(join(at('derived'), 'exceptions.jsonl'), 'utf8');
  for (const hour of ['00', '16', '22', '23']) expect(told).toMatch(new RegExp(`T${hour}55Z.*missing-log`));
  const verdict = await verifyTrailFolder(at('derived'), at('short'), at('sample/digests'), trailKeys(), TOOL_VERSION);
  expect(verdict.findings).toEqual([]);
});

it('finds whatever a signer tells otherwise of the logs, though all that follows from it was drawn again', async () => {
  const all: Forge = ({ report }) => ({
    report: { ...report, accesses: { ...report.accesses, pending: 228 } },
    exceptions: [],
  });
  const early = header(({ period }) => ({ watermark: period.from }));
  const validated = coverage((runs) => runs.map((run) => ({ ...run, state: 'validated' as const })));
  const forgeries: readonly (readonly [
    name: string,
    Forge,
    alone: RegExp | undefined,
    withLogs: RegExp | undefined,
  ])[] = [
    ['nothing is judged yet', both(early, all), /watermark is too early/, /of its watermark is not/],
    [
      'the last hour is not judged yet',
      header(() => ({ watermark: hour(22) })),
      /watermark is too early/,
      /of its watermark is not/,
    ],
    [
      'many are too young',
      ({ report, exceptions }) => ({
        report: { ...report, accesses: { ...report.accesses, pending: 99_999 } },
        exceptions,
      }),
      /sums of accesses are not/,
      undefined,
    ],
    [
      'all is whole',
      both(integrity({ kind: 'intact', findings: [] }), without('broken-integrity')),
      undefined,
      /of its integrity is not/,
    ],
    [
      'all is whole beside an exception',
      integrity({ kind: 'intact', findings: [] }),
      /of its digests is not/,
      /of its integrity is not/,
    ],
    ['an exception is left out', without('broken-integrity'), /of its digests is not/, /missing-log/],
    [
      'more digests',
      integrity({ digests: { given: 99, believed: 99 } }),
      /of its digests is not/,
      /of its integrity is not/,
    ],
    ['more log files', integrity({ logs: { given: 99, believed: 99 } }), undefined, /of its integrity is not/],
    [
      'no digests were there',
      header(() => ({ integrity: { kind: 'not-checked' } })),
      /no digests were checked/,
      /of its integrity is not/,
    ],
    ['gaps are left out', without('coverage-gap'), /hours that nothing proves are not/, undefined],
    ['every hour is proven', both(validated, without('coverage-gap')), undefined, /of its coverage is not/],
    ['an hour is left out', coverage((runs) => runs.slice(1)), /does not tell of every hour/, /of its coverage is not/],
    [
      'an hour is told twice',
      coverage((runs) => [...runs, runs.at(-1)!]),
      /does not tell of every hour/,
      /of its coverage is not/,
    ],
    [
      'everything is recorded',
      header(({ trails }) => ({ trails: trails.map((trail) => ({ ...trail, selectors: ['everything'] })) })),
      /are not those of the inventory/,
      /of its trails is not/,
    ],
    [
      'another trail',
      header(({ trails }) => ({ trails: [...trails, { ...trails[0]!, trail: 'another' }] })),
      /does not tell of every hour/,
      /of its trails is not/,
    ],
  ];
  for (const [name, forge, alone, withLogs] of forgeries) {
    const found = await findIn(forge);
    for (const [at, wanted] of [alone, withLogs].entries())
      if (wanted !== undefined)
        expect([name, found[at]]).toEqual([name, expect.arrayContaining([expect.stringMatching(wanted)])]);
  }
  reportTried('what is told of the logs', forgeries.length);
});

it('without digests no hour is proven, whoever signs that', async () => {
  const out = at('undigested');
  const { code } = await runAuditCommand(
    ...['audit', '--agreements', at('sample/agreements'), '--decisions', at('sample/decisions.jsonl')],
    ...['--logs', at('sample/logs'), '--from', '2026-03-02', '--to', '2026-03-03'],
    ...['--key', at('audit.pem'), '--out', out, '--parties', at('undigested-parties')],
  );
  expect(code).toBe(3);
  const [agreement] = readdirSync(at('undigested-parties'));
  const parties = readdirSync(at(`undigested-parties/${agreement}`));
  const packs = [out, ...parties.map((party) => at(`undigested-parties/${agreement}/${party}`))];
  expect(packs.length).toBeGreaterThan(2);
  for (const pack of packs) {
    const problems = async () => (await verifyPack(pack, signer().key, TOOLS)).findings.map(({ problem }) => problem);
    expect(await problems()).toEqual([]);
    const report: AuditReport = JSON.parse(readFileSync(join(pack, 'report.json'), 'utf8'));
    const proven = report.coverage.map((run) => ({ ...run, state: 'validated' }));
    writeFileSync(join(pack, 'report.json'), JSON.stringify({ ...report, coverage: proven }));
    expect(await problems()).toContain(
      'its coverage is not what the names of its log files show, and no digests were checked',
    );
  }
});
