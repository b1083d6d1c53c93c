import { attributeAccesses } from '../../../../lib/domain/audit/attribution/attribute-accesses';
import { reconcileAccesses } from '../../../../lib/domain/audit/attribution/reconcile-accesses';
import { joinAccesses } from '../../../../lib/domain/audit/records/join-accesses';
import type { AuditReport } from '../../../../lib/domain/audit/report/audit-report';
import type { AuditFindings } from '../../../../lib/domain/audit/report/audit-subject';
import { buildAuditReport, REPORT_CAPS } from '../../../../lib/domain/audit/report/build-audit-report';
import { NO_CONDUCT } from '../../../../lib/domain/audit/report/reported-conduct';
import { AGREEMENT, decide, USAGE } from '../attribution/agreements';
import {
  BUCKET,
  collect,
  makeChange,
  makeDecrypt,
  makeLakeRead,
  makeS3Read,
  makeSftpUpload,
  makeTrailChange,
  PARTNER,
  ROOM,
  type Sighting,
} from '../scenario';

const SUBJECT = {
  period: { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' },
  watermark: '2026-04-01T00:00:00Z',
  produced: '2026-04-02T06:00:00Z',
  toolVersion: '0.1.0',
  room: { accounts: [ROOM], topology: 'hosted', operatorParty: 'telco' },
  agreements: [{ inForce: AGREEMENT, plan: 'ab'.repeat(32) }],
  trails: [{ trail: 'barter-room', account: ROOM, region: 'eu-central-1' }],
} as const;

const NOTHING = { registry: false, decisions: false, serverAccessLogs: false };

const FINDINGS: AuditFindings = {
  coverage: [],
  records: { read: 0, accesses: 0, duplicates: 0, conflicts: 0, internal: [], unknown: [], malformed: [] },
  inputs: { files: 1, bytes: 10, sha256: 'cd'.repeat(32), given: NOTHING, listed: [] },
  pending: 0,
  conflicts: [],
  counts: [],
  conduct: NO_CONDUCT,
};

const EVIDENCE = { file: 'trail/file.json.gz', sha256: 'ef'.repeat(32), record: 3 };
const VALIDATED = { ...SUBJECT.trails[0], hour: '2026-03-02T10:00:00Z', state: 'validated' } as const;
const INTACT: NonNullable<AuditFindings['integrity']> = {
  kind: 'intact',
  chains: [],
  spans: [],
  findings: [],
  digests: { given: 1, believed: 1 },
  logs: { given: 1, believed: 1 },
};

interface Story {
  readonly sightings: readonly Sighting[];
  readonly decisions?: Parameters<typeof attributeAccesses>[2];
  readonly findings?: Partial<AuditFindings>;
  readonly caps?: Partial<typeof REPORT_CAPS>;
}

function tell(story: Story): AuditReport {
  return tellWithRows(story).report;
}

function tellWithRows({ sightings, decisions = [decide()], findings = {}, caps = {} }: Story) {
  const joined = joinAccesses(collect(sightings), new Map([[BUCKET, ROOM]]), []);
  const attributed = attributeAccesses(joined, [AGREEMENT], decisions, new Set([ROOM]));
  const builder = buildAuditReport(SUBJECT, { ...REPORT_CAPS, ...caps });
  const rows = attributed.map((each) => builder.addAccess(each, ({ id }) => [{ ...EVIDENCE, event: id }]));
  for (const exception of reconcileAccesses(attributed, decisions, SUBJECT.watermark, {
    room: new Set([ROOM]),
    parties: new Set(),
  })) {
    builder.addException(
      exception,
      rows.filter(({ evidence }) => evidence.some(({ event }) => exception.accesses.includes(event))),
    );
  }
  return { rows, report: builder.finish({ ...FINDINGS, ...findings }).report };
}

const READ = { key: 'usage/1.parquet', at: '2026-03-02T10:00:00Z', account: PARTNER };
const kinds = ({ exceptions }: AuditReport) => exceptions.counts.map(({ kind, count }) => `${kind} ${count}`);

describe.each<{ name: string; story: Story; verdict: string; sentence: RegExp; exceptions: readonly string[] }>([
  {
    name: 'a decided read, logs proven',
    story: { sightings: makeS3Read(READ), findings: { integrity: INTACT, coverage: [VALIDATED] } },
    verdict: 'clean',
    sentence: /^Nothing contradicts the agreements in 1 access across the border, and the logs are proven whole/,
    exceptions: [],
  },
  {
    name: 'nothing at all, logs proven',
    story: { sightings: [], findings: { integrity: INTACT, coverage: [VALIDATED] } },
    verdict: 'clean',
    sentence: /^Nobody outside the room reached its data/,
    exceptions: [],
  },
  {
    name: 'a decided read, no digests',
    story: { sightings: makeS3Read(READ) },
    verdict: 'doubtful',
    sentence: /nothing vouches for the logs/,
    exceptions: [],
  },
  {
    name: 'an hour that digests prove quiet',
    story: { sightings: [], findings: { integrity: INTACT, coverage: [{ ...VALIDATED, state: 'quiet' }] } },
    verdict: 'clean',
    sentence: /the logs are proven whole and unchanged for all 1 hours/,
    exceptions: [],
  },
  {
    name: 'an hour of which a log file is missing',
    story: { sightings: [], findings: { integrity: INTACT, coverage: [{ ...VALIDATED, state: 'incomplete' }] } },
    verdict: 'doubtful',
    sentence: /one finding leaves something unproven/,
    exceptions: ['coverage-gap 1'],
  },
  {
    name: 'an hour without log files, no digests: it may have been quiet',
    story: {
      sightings: [],
      findings: {
        coverage: [
          { ...VALIDATED, state: 'logged' },
          { ...VALIDATED, hour: '2026-03-02T11:00:00Z', state: 'silent' },
        ],
      },
    },
    verdict: 'doubtful',
    sentence: /nothing vouches for the logs/,
    exceptions: [],
  },
  {
    name: 'a trail of which there is no log file at all',
    story: { sightings: [], findings: { coverage: [{ ...VALIDATED, state: 'silent' }] } },
    verdict: 'doubtful',
    sentence: /one finding leaves something unproven/,
    exceptions: ['coverage-gap 1'],
  },
  {
    name: 'a read nobody decided',
    story: { sightings: makeS3Read(READ), decisions: [] },
    verdict: 'breached',
    sentence: /^1 of 1 access across the border was allowed by no clause and decision/,
    exceptions: ['bypass 1'],
  },
  {
    name: 'a read that was forbidden',
    story: { sightings: makeS3Read(READ), decisions: [decide({ effect: 'forbid' })] },
    verdict: 'breached',
    sentence: /1 of 1/,
    exceptions: ['forbidden-access 1'],
  },
  {
    name: 'a stranger',
    story: { sightings: makeS3Read({ ...READ, account: '999988887777' }) },
    verdict: 'breached',
    sentence: /1 of 1/,
    exceptions: ['unexplained 1'],
  },
  {
    name: 'a refused stranger is no exception, and not proof of anything else',
    story: {
      sightings: makeS3Read({ ...READ, account: '999988887777', error: 'AccessDenied' }),
      findings: { integrity: INTACT, coverage: [VALIDATED] },
    },
    verdict: 'clean',
    sentence: /Nothing contradicts/,
    exceptions: [],
  },
  {
    name: 'a decryption without its read',
    story: { sightings: [makeDecrypt(READ)], findings: { integrity: INTACT, coverage: [VALIDATED] } },
    verdict: 'doubtful',
    sentence: /one finding leaves something unproven/,
    exceptions: ['decrypt-without-read 1'],
  },
  {
    name: 'credentials that read nothing',
    story: { sightings: makeLakeRead({ keys: [], at: READ.at, account: PARTNER }) },
    verdict: 'doubtful',
    sentence: /nothing vouches/,
    exceptions: ['vend-without-read 1'],
  },
  {
    name: 'an upload of which S3 knows nothing',
    story: {
      sightings: makeSftpUpload({ user: 'retail-sftp', key: 'raw/purchases/1.csv', at: READ.at }).filter(
        ({ reading }) => reading.kind !== 'access' || reading.access.service !== 's3',
      ),
      decisions: [decide({ leg: 'retail-telco-purchases' })],
    },
    verdict: 'doubtful',
    sentence: /one finding/,
    exceptions: ['sftp-without-object 1'],
  },
  {
    name: 'records of a kind that nobody knows, of a stranger at what is the room’s',
    story: {
      sightings: makeS3Read(READ),
      findings: {
        integrity: INTACT,
        coverage: [VALIDATED],
        unexplained: [
          { what: 's3.amazonaws.com RenameObject', records: 2, first: { file: 'a.json', record: 7 }, at: READ.at },
          {
            what: 'a record is longer than 2097152 bytes',
            records: 1,
            first: { file: 'b.json', record: 0 },
            at: READ.at,
          },
        ],
      },
    },
    verdict: 'doubtful',
    sentence: /^No forbidden access is known among 1 .* 2 findings leave something unproven/,
    exceptions: ['unread-record 2'],
  },
  {
    name: 'the trail stopped',
    story: { sightings: [makeTrailChange(READ.at)], findings: { integrity: INTACT, coverage: [VALIDATED] } },
    verdict: 'doubtful',
    sentence: /^No forbidden access is known among 0/,
    exceptions: ['logging-changed 1'],
  },
  {
    name: 'the record written by hand',
    story: {
      sightings: [
        makeChange({
          call: 'dynamodb PutItem',
          at: READ.at,
          role: 'Administrator',
          table: `arn:aws:dynamodb:eu-central-1:${ROOM}:table/BarterRoomEnforcement-Registry1F-2G`,
          request: { key: { pk: 'decisions#telco-retail-2026', sk: 'decision#2026-01-01T00:00:00Z#forged' } },
        }),
      ],
      findings: { integrity: INTACT, coverage: [VALIDATED] },
    },
    verdict: 'breached',
    sentence: /^1 write to the record by others than the room’s functions, and the logs/,
    exceptions: ['record-changed 1'],
  },
  {
    name: 'a deployment',
    story: {
      sightings: [
        makeChange({
          call: 'cloudformation ExecuteChangeSet',
          at: READ.at,
          role: 'cdk-deploy-role',
          request: { stackName: 'BarterRoomLake' },
        }),
        makeChange({
          call: 'iam PutRolePolicy',
          at: READ.at,
          role: 'cdk-cfn-exec-role',
          invokedBy: 'cloudformation.amazonaws.com',
        }),
      ],
      findings: { integrity: INTACT, coverage: [VALIDATED] },
    },
    verdict: 'clean',
    sentence: /Nobody outside/,
    exceptions: ['room-deployed 1'],
  },
  {
    name: 'a permit that nobody used',
    story: {
      sightings: [],
      decisions: [decide({ until: '2026-03-20T00:00:00Z' })],
      findings: { integrity: INTACT, coverage: [VALIDATED] },
    },
    verdict: 'clean',
    sentence: /Nobody outside/,
    exceptions: ['unused-decision 1'],
  },
  {
    name: 'logs that are not what was signed, hours without logs, copies and counts that differ',
    story: {
      sightings: [],
      findings: {
        integrity: {
          ...INTACT,
          kind: 'broken',
          findings: [{ kind: 'altered-log', file: 'b/k', field: 'content', detail: 'Another hash.' }],
        },
        coverage: [
          VALIDATED,
          { ...VALIDATED, hour: '2026-03-02T11:00:00Z', state: 'silent' },
          { ...VALIDATED, hour: '2026-03-02T12:00:00Z', state: 'silent' },
          { ...VALIDATED, hour: '2026-03-02T13:00:00Z', state: 'logged' },
        ],
        conflicts: [{ at: READ.at, evidence: [{ ...EVIDENCE, event: 'e' }] }],
        counts: [{ at: READ.at, to: READ.at, what: 's3 GetObject', counted: 1200, found: 1100, evidence: [] }],
      },
    },
    verdict: 'doubtful',
    sentence: /cannot be fully believed/,
    exceptions: ['broken-integrity 1', 'coverage-gap 2', 'conflicting-record 1', 'count-mismatch 1'],
  },
])('$name', ({ story, verdict, sentence, exceptions }) => {
  const report = tell(story);
  test('is judged', () => {
    expect(report.verdict.kind).toBe(verdict);
    expect(report.verdict.sentence).toMatch(sentence);
  });
  test('lists its exceptions, with evidence where a record shows them', () => {
    expect(kinds(report)).toEqual(exceptions);
    for (const { kind, evidence, detail } of report.exceptions.listed) {
      expect(detail).toMatch(/\.$/);
      const shown = ![
        'unused-decision',
        'broken-integrity',
        'unread-record',
        'coverage-gap',
        'count-mismatch',
      ].includes(kind);
      expect(evidence.length > 0).toBe(shown);
    }
  });
  test('counts every access once', () => {
    const { total, attributed, ownDoor, ambiguous, unattributed, internal } = report.accesses;
    expect(attributed + ownDoor + ambiguous + unattributed + internal).toBe(total);
  });
});

test('an access is told with party, clause, decision and every place where it is written', () => {
  const { rows, report } = tellWithRows({ sightings: makeS3Read(READ) });
  const { accesses } = report;
  expect(rows).toHaveLength(1);
  const [row] = rows;
  expect(row).toMatchObject({
    at: READ.at,
    explained: {
      kind: 'attributed',
      party: 'retail',
      leg: USAGE,
      dataset: 'usage',
      decision: { id: 'decision-1', effect: 'permit', clause: '4.2' },
      confidence: 'certain',
    },
    operation: 'GetObject',
    actor: { account: PARTNER },
    resource: { kind: 'object', name: `${BUCKET}/usage/1.parquet` },
    bytes: { out: 1000 },
    witnesses: ['cloudtrail', 's3-access-log'],
  });
  expect(row?.evidence).toHaveLength(3);
  expect(accesses.byParty).toMatchObject([{ party: 'retail', clause: '4.2', act: 'read', allowed: 1, bytesOut: 1000 }]);
  expect(accesses.flows).toEqual([{ from: ROOM, to: PARTNER, accesses: 1, bytes: 1000 }]);
});

test('what a stranger reached is told as of the leg whose data it was, in sums and exceptions', () => {
  const { rows, report } = tellWithRows({ sightings: makeS3Read({ ...READ, account: '999988887777' }) });
  const agreement = { id: AGREEMENT.plan.agreement.id, version: 1 };
  expect(rows[0]?.explained).toEqual({
    kind: 'unattributed',
    reason: 'no-party',
    reached: { agreement, leg: USAGE, dataset: 'usage' },
  });
  expect(report.exceptions.listed).toMatchObject([{ kind: 'unexplained', leg: USAGE }]);
  expect(report.exceptions.listed[0]).not.toHaveProperty('party');
  expect(report.accesses.byHour).toEqual([{ hour: '2026-03-02T10:00:00Z', dataset: 'usage', accesses: 1, refused: 0 }]);
  expect(report.accesses.byParty).toMatchObject([{ agreement, leg: USAGE, dataset: 'usage', allowed: 1 }]);
  expect(report.accesses.byParty[0]).not.toHaveProperty('party');
});

test('beyond the caps it counts, and lists the gravest', () => {
  const strangers = Array.from({ length: 6 }, (_, at) =>
    makeS3Read({ ...READ, key: `usage/${at}`, account: '999988887777' }),
  ).flat();
  const report = tell({
    sightings: [makeTrailChange('2026-03-01T10:00:00Z'), ...strangers],
    caps: { exceptions: 4 },
  });
  expect(report.accesses).toMatchObject({ total: 7, unattributed: 6 });
  expect(report.exceptions).toMatchObject({ beyond: 3 });
  expect(report.exceptions.listed.map(({ kind }) => kind)).toEqual(Array(4).fill('unexplained'));
});

test('what cannot be seen is said: exports of a receiver that forwards nothing', () => {
  const { unseen, processing, destruction } = tell({ sightings: [] });
  expect(unseen.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['copies', 'callers-denied']));
  expect(processing).toHaveLength(AGREEMENT.plan.legs.length);
  expect(processing[0]).toMatchObject({ controller: { party: 'telco' }, recipient: { party: 'retail' }, leg: USAGE });
  expect(destruction[0]).toMatchObject({ state: 'not-due', due: '2026-07-01' });
});

test('every control of a standard points to a part of the report or says that it is not covered', () => {
  const { standards } = tell({ sightings: makeS3Read(READ) });
  expect(new Set(standards.map(({ framework }) => framework))).toEqual(
    new Set(['SOC 2', 'ISO/IEC 27001', 'GDPR', 'CCPA']),
  );
  for (const { shown, notCovered } of standards) {
    expect(notCovered).toMatch(/\.$/);
    if (notCovered.startsWith('Not covered here')) expect(shown).toEqual([]);
  }
});

test('who runs the room is of its own accounts: what another account did at home, in a log that lies among the room’s, is not', () => {
  const [copy] = makeS3Read(READ);
  if (copy?.reading.kind !== 'access') throw new Error('It is none.');
  const access = { ...copy.reading.access, owner: PARTNER, recordedBy: PARTNER };
  const away = { ...copy, reading: { ...copy.reading, access: { ...access, resource: { kind: 'none' } as const } } };
  const { rows, report } = tellWithRows({ sightings: [away, ...makeS3Read({ ...READ, account: ROOM })] });
  expect(rows.map(({ explained }) => explained)).toEqual(rows.map(() => ({ kind: 'internal', by: 'own-account' })));
  expect(rows.map(({ actor }) => actor.account)).toContain(PARTNER);
  expect(report.operator.principals.map(({ name }) => name)).toEqual([expect.stringContaining(ROOM)]);
});

test('what needs a decision is what reached data: no session, no attempt that was refused, nothing at an own door', () => {
  const report = tell({
    sightings: [
      ...makeSftpUpload({ user: 'retail-sftp', key: 'raw/purchases/1.csv', at: READ.at }),
      ...makeS3Read(READ),
      ...makeS3Read({ ...READ, error: 'AccessDenied' }),
      ...makeS3Read({ ...READ, account: ROOM }),
      makeDecrypt(READ),
    ],
    decisions: [decide({ leg: 'retail-telco-purchases' })],
  });
  expect(report.accesses).toMatchObject({ toDecide: 2, decided: 1, ownDoor: 2, refused: 1 });
});
