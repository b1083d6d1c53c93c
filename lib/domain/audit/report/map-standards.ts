import { formatCount } from '../../format';
import type { AuditReport, ControlEvidence } from './audit-report';

type Judged = Omit<AuditReport, 'standards'>;
type Shown = ControlEvidence['shown'][number];

interface StandardControl extends Omit<ControlEvidence, 'shown'> {
  readonly show: (report: Judged) => readonly (Shown | undefined)[];
}

/**
 * What this report shows for controls of the usual standards. It is evidence for an assessor to weigh, not a statement of
 * conformity; every control also says what has to come from elsewhere.
 */
export function mapStandards(report: Judged): readonly ControlEvidence[] {
  return CONTROLS.map(({ show, ...control }) => ({
    ...control,
    shown: show(report).flatMap((shown) => shown ?? []),
  }));
}

const CONTROLS: readonly StandardControl[] = [
  {
    framework: 'SOC 2',
    control: 'CC6.1',
    title: 'Logical access to protected information is restricted',
    show: (report) => [showDecided(report), showBreaches(report), showRefused(report)],
    notCovered: 'Design of roles, keys and networks: see the deployed templates and their checks.',
  },
  {
    framework: 'SOC 2',
    control: 'CC6.2',
    title: 'Users are registered and authorised before they get credentials',
    show: (report) => [showAgreements(report), showStrangers(report)],
    notCovered: 'How each party registers and removes its own people.',
  },
  {
    framework: 'SOC 2',
    control: 'CC6.3',
    title: 'Access is given, changed and withdrawn by need',
    show: (report) => [showAgreements(report), showUnused(report)],
    notCovered: 'Periodic reviews of the roles inside each party.',
  },
  {
    framework: 'SOC 2',
    control: 'CC6.4',
    title: 'Physical access is restricted',
    show: () => [],
    notCovered: 'Not covered here: the data centres are AWS’s; see its own SOC 2 report.',
  },
  {
    framework: 'SOC 2',
    control: 'CC6.5',
    title: 'Protection ends only when data can no longer be read',
    show: (report) => [showDestruction(report)],
    notCovered: 'Whether what was attested was done: an inspection at the receiver.',
  },
  {
    framework: 'SOC 2',
    control: 'CC6.6',
    title: 'Threats from outside the boundary are kept out',
    show: (report) => [showStrangers(report), showRefused(report)],
    notCovered: 'Network protection, malware and denial of service.',
  },
  {
    framework: 'SOC 2',
    control: 'CC6.7',
    title: 'Transmission and removal of information are restricted to the authorised',
    show: (report) => [showFlows(report), showReleases(report)],
    notCovered: 'What becomes of a copy after its receipt; see what cannot be seen.',
  },
  {
    framework: 'SOC 2',
    control: 'CC6.8',
    title: 'Unauthorised or malicious software is prevented or found',
    show: () => [],
    notCovered: 'Not covered here.',
  },
  {
    framework: 'SOC 2',
    control: 'CC7.1',
    title: 'Changes of configuration that open weaknesses are detected',
    show: (report) => [showLoggingChanges(report)],
    notCovered: 'Scans for vulnerabilities, and changes other than those of the logging itself.',
  },
  {
    framework: 'SOC 2',
    control: 'CC7.2',
    title: 'Components are monitored for anomalies',
    show: (report) => [showCoverage(report), showExceptions(report)],
    notCovered: 'Alerts between two reports: the room’s alarms.',
  },
  {
    framework: 'SOC 2',
    control: 'CC7.3',
    title: 'Security events are evaluated',
    show: (report) => [showExceptions(report)],
    notCovered: 'The judgement on each exception by a person, and its record.',
  },
  {
    framework: 'SOC 2',
    control: 'CC7.4',
    title: 'Incidents are responded to',
    show: (report) => [showRemedies(report)],
    notCovered: 'Communication, and notices to authorities and persons.',
  },
  {
    framework: 'SOC 2',
    control: 'CC7.5',
    title: 'Recovery from incidents',
    show: () => [],
    notCovered: 'Not covered here.',
  },
  {
    framework: 'ISO/IEC 27001',
    control: 'A.5.19',
    title: 'Information security in supplier relationships',
    show: (report) => [showAgreements(report), showBreaches(report)],
    notCovered: 'Selection and assessment of the parties before they signed.',
  },
  {
    framework: 'ISO/IEC 27001',
    control: 'A.5.20',
    title: 'Information security within supplier agreements',
    show: (report) => [showClauses(report)],
    notCovered: 'Whether the clauses suffice in law.',
  },
  {
    framework: 'ISO/IEC 27001',
    control: 'A.5.21',
    title: 'Information security in the ICT supply chain',
    show: () => [],
    notCovered: 'Not covered here: sub-processors and software supply of the parties and of AWS.',
  },
  {
    framework: 'ISO/IEC 27001',
    control: 'A.5.22',
    title: 'Monitoring, review and change management of supplier services',
    show: (report) => [showDecided(report), showAgreements(report), showRemedies(report)],
    notCovered: 'Reviews with the parties, and their minutes.',
  },
  {
    framework: 'ISO/IEC 27001',
    control: 'A.5.23',
    title: 'Information security for use of cloud services',
    show: (report) => [showOperator(report), showCoverage(report)],
    notCovered: 'AWS’s own controls under the shared responsibility model, and leaving the cloud.',
  },
  {
    framework: 'ISO/IEC 27001',
    control: 'A.8.15',
    title: 'Logging',
    show: (report) => [showIntegrity(report), showCoverage(report), showLoggingChanges(report), showLedger(report)],
    notCovered: 'Logs of the parties’ own systems.',
  },
  {
    framework: 'ISO/IEC 27001',
    control: 'A.8.16',
    title: 'Monitoring activities',
    show: (report) => [showExceptions(report), showDecided(report)],
    notCovered: 'Monitoring of networks and workstations.',
  },
  {
    framework: 'GDPR',
    control: 'Art. 28',
    title: 'Processors: instructions, security, deletion, audits',
    show: (report) => [showOperator(report), showDecided(report), showDestruction(report)],
    notCovered:
      'Parties that barter mostly are controllers of their own, to whom art. 28 does not apply between them; it does to a neutral operator of the room. The contract of art. 28(3) and further processors are not shown.',
  },
  {
    framework: 'GDPR',
    control: 'Art. 30',
    title: 'Records of processing activities',
    show: ({ processing }) => [
      say(
        'processing',
        processing.length,
        (count) => `${count} recorded from the agreements`,
        'processing activity',
        'processing activities',
      ),
    ],
    notCovered:
      'The representative and the data protection officer’s full details; categories of persons in words; safeguards for a transfer to a third country (art. 49(1)).',
  },
  {
    framework: 'CCPA',
    control: '§1798.100(c)–(d)',
    title: 'Limited purposes, retention, and contracts with third parties',
    show: (report) => [showPurposes(report), showClauses(report), showDecided(report)],
    notCovered:
      'A barter is for “other valuable consideration” and so can be a sale (§1798.140(ad)): notices to consumers, and opt-outs under §1798.120, are not shown.',
  },
  {
    framework: 'CCPA',
    control: '§1798.105(c)',
    title: 'Deletion is passed on',
    show: (report) => [showDestruction(report)],
    notCovered: 'Requests of single consumers to delete.',
  },
  {
    framework: 'CCPA',
    control: '§1798.140(m)',
    title: 'Deidentified information',
    show: (report) => [showReleases(report)],
    notCovered: 'The public commitment not to reidentify; certificates measure risk and do not claim anonymity.',
  },
  {
    framework: 'CCPA',
    control: '§1798.150',
    title: 'Reasonable security against unauthorised access',
    show: (report) => [showBreaches(report), showIntegrity(report)],
    notCovered: 'Security at the receivers.',
  },
];

function say(
  section: Shown['section'],
  count: number,
  rest: (count: string) => string,
  one: string,
  many: string,
): Shown | undefined {
  return count === 0
    ? undefined
    : { section, sentence: `${rest(`${formatCount(count)} ${count === 1 ? one : many}`)}.` };
}

function countKinds({ exceptions }: Judged, match: (entry: Judged['exceptions']['counts'][number]) => boolean): number {
  return exceptions.counts.reduce((sum, entry) => sum + (match(entry) ? entry.count : 0), 0);
}

function showDecided({ accesses }: Judged): Shown {
  const { attributed, decided } = accesses;
  return {
    section: 'accesses',
    sentence: `${formatCount(decided)} of ${formatCount(attributed)} accesses by parties are tied to a decision and its clause.`,
  };
}

function showBreaches(report: Judged): Shown {
  const count = countKinds(report, ({ severity }) => severity === 'breach');
  const sentence =
    count === 0
      ? 'No access was found that no clause and decision allowed.'
      : `${formatCount(count)} ${count === 1 ? 'access' : 'accesses'} that no clause and decision allowed, each listed.`;
  return { section: 'exceptions', sentence };
}

function showStrangers({ accesses }: Judged): Shown {
  const sentence =
    accesses.unattributed === 0
      ? 'Nobody but the parties of an agreement in force was seen.'
      : `${formatCount(accesses.unattributed)} attempts or accesses by nobody that an agreement in force explains.`;
  return { section: 'accesses', sentence };
}

function showRefused({ accesses }: Judged): Shown | undefined {
  return say('accesses', accesses.refused, (count) => `${count} refused or failed`, 'request', 'requests');
}

function showUnused(report: Judged): Shown | undefined {
  const count = countKinds(report, ({ kind }) => kind === 'unused-decision');
  return say('exceptions', count, (words) => `${words} never used`, 'permit', 'permits');
}

function showAgreements({ agreements }: Judged): Shown | undefined {
  return say(
    'agreements',
    agreements.length,
    (count) => `${count} with parties, legs and time in force`,
    'version of an agreement',
    'versions of agreements',
  );
}

function showClauses({ agreements }: Judged): Shown {
  const clauses = agreements.flatMap((agreement) => agreement.clauses);
  const bound = clauses.filter(({ controls }) => controls.length > 0).length;
  return {
    section: 'agreements',
    sentence: `${formatCount(bound)} of ${formatCount(clauses.length)} clauses are bound to a technical control; the others say that they are legal only.`,
  };
}

function showDestruction({ destruction }: Judged): Shown | undefined {
  if (destruction.length === 0) return undefined;
  const count = (state: string) => formatCount(destruction.filter((duty) => duty.state === state).length);
  return {
    section: 'destruction',
    sentence: `Destruction attested for ${count('given')}, overdue for ${count('overdue')} and not due yet for ${count('not-due')} of ${formatCount(destruction.length)} legs.`,
  };
}

function showFlows({ accesses }: Judged): Shown | undefined {
  return say(
    'accesses',
    accesses.flows.length,
    (count) => `${count} with bytes and accesses`,
    'flow between accounts',
    'flows between accounts',
  );
}

function showReleases({ releases }: Judged): Shown | undefined {
  return say(
    'releases',
    releases.length,
    (count) => `${count} with hash and, where there are classes, k and risk`,
    'certified release',
    'certified releases',
  );
}

function showLoggingChanges(report: Judged): Shown {
  const count = countKinds(report, ({ kind }) => kind === 'logging-changed');
  const sentence =
    count === 0
      ? 'No change of the logging was recorded.'
      : `${formatCount(count)} ${count === 1 ? 'change' : 'changes'} of the logging, each listed.`;
  return { section: 'trails', sentence };
}

function showCoverage({ coverage }: Judged): Shown | undefined {
  const sum = (runs: Judged['coverage']) => formatCount(runs.reduce((hours, run) => hours + run.hours, 0));
  if (coverage.length === 0) return undefined;
  const validated = sum(coverage.filter(({ state }) => state === 'validated'));
  return {
    section: 'coverage',
    sentence: `${validated} of ${sum(coverage)} hours of trail are covered by believed digests.`,
  };
}

function showExceptions({ exceptions }: Judged): Shown {
  const kinds = exceptions.counts.length;
  const sum = exceptions.counts.reduce((total, { count }) => total + count, 0);
  const sentence =
    sum === 0
      ? 'The comparison of logs, decisions and each other found no exception.'
      : `${formatCount(sum)} exceptions of ${formatCount(kinds)} kinds, each with its evidence.`;
  return { section: 'exceptions', sentence };
}

function showRemedies({ breaches }: Judged): Shown {
  const remedied = breaches.filter(({ remedy }) => remedy !== undefined).length;
  const sentence =
    breaches.length === 0
      ? 'No breach of an agreement is on record in this period.'
      : `${formatCount(breaches.length)} breaches on record, ${formatCount(remedied)} with a remedy of the agreement.`;
  return { section: 'breaches', sentence };
}

function showOperator({ operator, header }: Judged): Shown {
  const whose = operator.party === undefined ? 'a neutral operator' : `party ${operator.party}`;
  return {
    section: 'operator',
    sentence: `The room (${header.room.topology}) is run by ${whose}; what it was able to see is listed.`,
  };
}

function showIntegrity({ header: { integrity } }: Judged): Shown {
  const sentence =
    integrity.kind === 'not-checked'
      ? 'Integrity was not checked: no digests were given.'
      : `${formatCount(integrity.logs.believed)} of ${formatCount(integrity.logs.given)} log files agree with believed digests; the trail is ${integrity.kind}.`;
  return { section: 'integrity', sentence };
}

function showLedger({ header: { ledger } }: Judged): Shown | undefined {
  if (ledger === undefined) return undefined;
  const sentence = `The access ledger ${ledger.origin} holds ${formatCount(ledger.size)} entries and was ${ledger.verified ? 'verified' : 'not verified'}.`;
  return { section: 'integrity', sentence };
}

function showPurposes({ processing }: Judged): Shown | undefined {
  const purposes = new Set(processing.flatMap((record) => record.purposes));
  return say(
    'processing',
    purposes.size,
    (count) => `${count} agreed, with retention, for ${formatCount(processing.length)} disclosures`,
    'purpose',
    'purposes',
  );
}
