import type { ControlEvidence } from './audit-report';
import { type JudgedReport, STATEMENTS } from './evidence-statements';

type Shown = ControlEvidence['shown'][number];

interface StandardControl extends Omit<ControlEvidence, 'shown'> {
  readonly show: (report: JudgedReport) => readonly (Shown | undefined)[];
}

/**
 * What this report shows for controls of the usual standards. It is evidence for an assessor to weigh, not a statement of
 * conformity; every control also says what has to come from elsewhere.
 */
export function mapStandards(report: JudgedReport): readonly ControlEvidence[] {
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
    show: (report) => [STATEMENTS.decided(report), STATEMENTS.breaches(report), STATEMENTS.refused(report)],
    notCovered: 'Design of roles, keys and networks: see the deployed templates and their checks.',
  },
  {
    framework: 'SOC 2',
    control: 'CC6.2',
    title: 'Users are registered and authorized before they get credentials',
    show: (report) => [STATEMENTS.agreements(report), STATEMENTS.strangers(report)],
    notCovered: 'How each party registers and removes its own people.',
  },
  {
    framework: 'SOC 2',
    control: 'CC6.3',
    title: 'Access is given, changed and withdrawn by need',
    show: (report) => [STATEMENTS.agreements(report), STATEMENTS.unused(report)],
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
    show: (report) => [STATEMENTS.destruction(report)],
    notCovered: 'Whether what was attested was done: an inspection at the receiver.',
  },
  {
    framework: 'SOC 2',
    control: 'CC6.6',
    title: 'Threats from outside the boundary are kept out',
    show: (report) => [STATEMENTS.strangers(report), STATEMENTS.refused(report)],
    notCovered: 'Network protection, malware and denial of service.',
  },
  {
    framework: 'SOC 2',
    control: 'CC6.7',
    title: 'Transmission and removal of information are restricted to the authorized',
    show: (report) => [STATEMENTS.flows(report), STATEMENTS.rounds(report), STATEMENTS.releases(report)],
    notCovered: 'What becomes of a copy after its receipt; see what cannot be seen.',
  },
  {
    framework: 'SOC 2',
    control: 'CC6.8',
    title: 'Unauthorized or malicious software is prevented or found',
    show: (report) => [STATEMENTS.functions(report), STATEMENTS.roomChanges(report)],
    notCovered: 'Whether that code is what was agreed: compare it with a build; and the software of parties.',
  },
  {
    framework: 'SOC 2',
    control: 'CC7.1',
    title: 'Changes of configuration that open weaknesses are detected',
    show: (report) => [STATEMENTS.loggingChanges(report), STATEMENTS.roomChanges(report)],
    notCovered: 'Scans for vulnerabilities, and what a deployment changed.',
  },
  {
    framework: 'SOC 2',
    control: 'CC7.2',
    title: 'Components are monitored for anomalies',
    show: (report) => [STATEMENTS.coverage(report), STATEMENTS.exceptions(report)],
    notCovered: 'Alerts between two reports: the room’s alarms.',
  },
  {
    framework: 'SOC 2',
    control: 'CC7.3',
    title: 'Security events are evaluated',
    show: (report) => [STATEMENTS.exceptions(report), STATEMENTS.remedies(report)],
    notCovered: 'The judgement on each exception by a person, and its record, but for breaches that were overruled.',
  },
  {
    framework: 'SOC 2',
    control: 'CC7.4',
    title: 'Incidents are responded to',
    show: (report) => [STATEMENTS.remedies(report)],
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
    show: (report) => [STATEMENTS.agreements(report), STATEMENTS.breaches(report)],
    notCovered: 'Selection and assessment of the parties before they signed.',
  },
  {
    framework: 'ISO/IEC 27001',
    control: 'A.5.20',
    title: 'Information security within supplier agreements',
    show: (report) => [STATEMENTS.clauses(report), STATEMENTS.rounds(report)],
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
    show: (report) => [STATEMENTS.decided(report), STATEMENTS.agreements(report), STATEMENTS.remedies(report)],
    notCovered: 'Reviews with the parties, and their minutes.',
  },
  {
    framework: 'ISO/IEC 27001',
    control: 'A.5.23',
    title: 'Information security for use of cloud services',
    show: (report) => [STATEMENTS.operator(report), STATEMENTS.coverage(report)],
    notCovered: 'AWS’s own controls under the shared responsibility model, and leaving the cloud.',
  },
  {
    framework: 'ISO/IEC 27001',
    control: 'A.8.15',
    title: 'Logging',
    show: (report) => [
      STATEMENTS.integrity(report),
      STATEMENTS.coverage(report),
      STATEMENTS.loggingChanges(report),
      STATEMENTS.roomChanges(report),
      STATEMENTS.ledger(report),
    ],
    notCovered: 'Logs of the parties’ own systems.',
  },
  {
    framework: 'ISO/IEC 27001',
    control: 'A.8.16',
    title: 'Monitoring activities',
    show: (report) => [STATEMENTS.exceptions(report), STATEMENTS.decided(report)],
    notCovered: 'Monitoring of networks and workstations.',
  },
  {
    framework: 'GDPR',
    control: 'Art. 28',
    title: 'Processors: instructions, security, deletion, audits',
    show: (report) => [STATEMENTS.operator(report), STATEMENTS.decided(report), STATEMENTS.destruction(report)],
    notCovered:
      'Parties that barter mostly are controllers of their own, to whom art. 28 does not apply between them; it does to a neutral operator of the room. The contract of art. 28(3) and further processors are not shown.',
  },
  {
    framework: 'GDPR',
    control: 'Art. 30',
    title: 'Records of processing activities',
    show: (report) => [STATEMENTS.activities(report)],
    notCovered:
      'The representative and the data protection officer’s full details; categories of persons in words; safeguards for a transfer to a third country (art. 49(1)); where an operator that is no party sits, and whom it engages.',
  },
  {
    framework: 'CCPA',
    control: '§1798.100(c)–(d)',
    title: 'Limited purposes, retention, and contracts with third parties',
    show: (report) => [STATEMENTS.purposes(report), STATEMENTS.clauses(report), STATEMENTS.decided(report)],
    notCovered:
      'A barter is for “other valuable consideration” and so can be a sale (§1798.140(ad)): notices to consumers, and opt-outs under §1798.120, are not shown.',
  },
  {
    framework: 'CCPA',
    control: '§1798.105(c)',
    title: 'Deletion is passed on',
    show: (report) => [STATEMENTS.destruction(report)],
    notCovered: 'Requests of single consumers to delete.',
  },
  {
    framework: 'CCPA',
    control: '§1798.140(m)',
    title: 'Deidentified information',
    show: (report) => [STATEMENTS.releases(report)],
    notCovered: 'The public commitment not to reidentify; certificates measure risk and do not claim anonymity.',
  },
  {
    framework: 'CCPA',
    control: '§1798.150',
    title: 'Reasonable security against unauthorized access',
    show: (report) => [STATEMENTS.breaches(report), STATEMENTS.integrity(report)],
    notCovered: 'Security at the receivers.',
  },
];
