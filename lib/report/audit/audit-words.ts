import type { Confidence, LegJoin, PartyJoin, UnattributedReason } from '../../domain/audit/attribution/attribution';
import type { Lateness } from '../../domain/audit/attribution/find-lateness';
import type { CoverageRun } from '../../domain/audit/report/audit-report';
import type { ExceptionSeverity, ReportedExceptionKind } from '../../domain/audit/report/reported-exception';
import type { AccessState } from './access-state';

interface ExceptionWords {
  readonly title: string;
  /** What it means. */
  readonly meaning: string;
  /** What to do about it. */
  readonly remedy: string;
}

export const EXCEPTION_WORDS: Readonly<Record<ReportedExceptionKind, ExceptionWords>> = {
  bypass: {
    title: 'Access without decision',
    meaning:
      'A party reached data of its own leg, and nobody had decided that it may: a way in that goes around the room.',
    remedy: 'Find by which permission it came in, and withdraw it. Ask the party what it was for.',
  },
  'forbidden-access': {
    title: 'Access against a decision',
    meaning: 'A decision forbade it, and it succeeded all the same: the withdrawal did not take hold.',
    remedy: 'Compare the grants in force with the decision; converge them now, and look for what kept them apart.',
  },
  'other-partys-leg': {
    title: 'Another party’s data',
    meaning: 'A party reached data of a leg in which it neither gives nor receives.',
    remedy: 'Treat it as a breach: withdraw the permission, tell the leg’s two parties, and weigh the duty to notify.',
  },
  'outside-role': {
    title: 'Outside a party’s part',
    meaning:
      'A party did what its part in the leg does not let it, whatever was decided: a receiver at what the giver handed in, untreated; a release that was written or deleted by another than the room; a listing that showed what is others’.',
    remedy:
      'Treat it as a breach: withdraw the permission, tell who gave the data, and compare what lies there with its certificate.',
  },
  'foreign-network': {
    title: 'From a network that was not agreed',
    meaning: 'A party reached its data from an address that none of its agreed networks holds, whatever was decided.',
    remedy:
      'Ask the party whose address it is: where it is its own, agree on the network by an amendment; where not, have it withdraw the credentials that were used.',
  },
  unexplained: {
    title: 'Unexplained access',
    meaning: 'Somebody outside the room reached its data, and no agreement in force explains it.',
    remedy: 'Treat it as a breach until shown otherwise: find whose account it is and which policy let it in.',
  },
  'operator-as-party': {
    title: 'Operator acting as a party',
    meaning:
      'Somebody of the room’s own account took the role by which a party comes in, and what was then done with it stands as the party’s; or named a session as one that is somebody else’s.',
    remedy:
      'Ask who it was and by whose order; compare what the role did in the next twelve hours with what its party says it did, and look who changed whom the role trusts.',
  },
  'record-changed': {
    title: 'The record was written by others',
    meaning:
      'Somebody who is none of the room’s functions wrote what is on record: decisions, breaches or terms. Nothing that the record explains is sure any more.',
    remedy:
      'Find what was written (its key is in the evidence), put back what was there, and ask who could do it, and why.',
  },
  'deliveries-read': {
    title: 'Deliveries were read by the room’s own people',
    meaning:
      'Somebody of the room’s account, and none of its functions and jobs, read or copied what a party handed in, untreated, or what is as raw. The bucket refuses that: somebody changed what refuses it, or made a role that passes for the room’s.',
    remedy:
      'Ask who it was, by whose order, and where the copy is; tell who gave the data; put back the bucket’s policy, and look for the change of the room that let it happen.',
  },
  'granted-to-stranger': {
    title: 'A stranger was let in',
    meaning:
      'By hand or by a deployment, something of the room was granted, shared or opened to an account that no agreement names, or to everybody. What is then taken may be on no trail of the room.',
    remedy:
      'Take the grant back now; ask who did it and why, and, of whoever was let in, what was taken. Treat it as a breach until that is known.',
  },
  'broken-integrity': {
    title: 'A log that cannot be believed',
    meaning: 'A log or digest file is missing, changed, or not signed as AWS signs it.',
    remedy:
      'Fetch the file again from the trail’s bucket and its versions. If it stays so, the time it covers is unproven.',
  },
  'coverage-gap': {
    title: 'Hours without proof',
    meaning:
      'No digest vouches for these hours, a log file of theirs is missing, or nothing tells of them at all; accesses in them may be missing.',
    remedy: 'Ask for the digests of that time. Where there are none, ask why the trail did not deliver.',
  },
  'missing-from-trail': {
    title: 'Missing from the trail',
    meaning: 'S3’s own access log tells of a request that CloudTrail does not.',
    remedy: 'Compare the trail’s selectors with the bucket; look for changes of the trail around that time.',
  },
  'entered-without-log': {
    title: 'In the ledger, and in no log',
    meaning:
      'The room’s own trail told of it as it happened, and it was entered in the ledger; no log file that was read has it. Either a file is missing, or somebody entered what never was.',
    remedy:
      'Look for log files of that time which were not given to this report, and compare the entry with the archive of the room’s event bus. Where neither has it, do not hold it against anybody.',
  },
  'conflicting-record': {
    title: 'Copies that differ',
    meaning: 'Two copies of one record say different things; at most one of them is what AWS wrote.',
    remedy: 'Believe the copy whose file a digest vouches for, and find out where the other came from.',
  },
  'foreign-function': {
    title: 'A function in the room’s role',
    meaning:
      'When the report was made, a function that no stack of the room made ran in one of its roles: whatever it did looks like the room’s.',
    remedy: 'Find out who made it and what it does, and remove it. What its role may do, count as done by it.',
  },
  'unread-record': {
    title: 'A record that was not read',
    meaning:
      'It is of a kind that this tool does not know, or not as a record must be, and names something of the room and somebody who is none of it: what was done, nobody has judged.',
    remedy: 'Read it where it stands. If it opened or took something, treat it as an unexplained access.',
  },
  'count-mismatch': {
    title: 'Counts that differ',
    meaning: 'CloudTrail’s own count of events of an hour differs from the events found.',
    remedy: 'Look for log files of that hour which were not given to this report.',
  },
  'logging-changed': {
    title: 'Change of the logging',
    meaning: 'The trail, its selectors, or the logging of a bucket was changed.',
    remedy: 'Match it with an approved change. If there is none, everything after it is in doubt.',
  },
  'room-changed': {
    title: 'Change of the room',
    meaning:
      'Code, a role, a job, a workflow, a rule, a key, a bucket’s policy, a grant, a table, a revision or an object of the room was changed, and not by a deployment or the room’s own functions; or somebody took up one of its roles, as which whatever is done looks like the room’s doing.',
    remedy:
      'Match it with an approved change, and see what the room did between it and its undoing. If there is none, what was done meanwhile is in doubt.',
  },
  ambiguous: {
    title: 'More than one explanation',
    meaning: 'The records fit more than one party or leg, and this report does not guess.',
    remedy: 'Ask for source identities on the partner’s side, or for its own trail of that time.',
  },
  'decrypt-without-read': {
    title: 'Decryption without read',
    meaning:
      'A data key was decrypted and no read of the object is on record: the read is lost, or came by another way.',
    remedy: 'Look for the read in S3’s access log and in the partner’s trail.',
  },
  'sftp-without-object': {
    title: 'SFTP session without S3 event',
    meaning: 'The SFTP server moved a file, and S3 knows nothing of it.',
    remedy: 'Compare the trail’s selectors with the bucket behind the server.',
  },
  'vend-without-read': {
    title: 'Credentials without read',
    meaning:
      'Lake Formation handed out credentials, and nothing was read with them. Usual for a query that failed or was cached.',
    remedy: 'Note it; look closer where one party collects many.',
  },
  'unused-decision': {
    title: 'Decision without access',
    meaning:
      'A permit ran out, and nothing was done by it in this period: it was not needed, was used before, or its accesses are missing from the logs.',
    remedy:
      'See whether an earlier report shows its use. If none does, ask the party: if it did receive the data, the logs have a hole.',
  },
  'room-deployed': {
    title: 'Deployment',
    meaning:
      'A stack of the room was deployed or removed. What CloudFormation changed follows from it and is not listed.',
    remedy: 'Match it with an approved release of the room.',
  },
};

export const SEVERITY_WORDS: Readonly<
  Record<
    ExceptionSeverity,
    { readonly one: string; readonly many: string; readonly tone: string; readonly explains: string }
  >
> = {
  breach: {
    one: 'breach',
    many: 'breaches',
    tone: 'bad',
    explains: 'somebody reached data, or wrote what is on record, and nothing allowed it',
  },
  gap: { one: 'gap', many: 'gaps', tone: 'warn', explains: 'evidence is missing or cannot be believed' },
  notice: { one: 'notice', many: 'notices', tone: 'plain', explains: 'usually harmless, to be looked at' },
};

export const STATE_WORDS: Readonly<Record<AccessState, { readonly label: string; readonly tone: string }>> = {
  decided: { label: 'Allowed by decision', tone: 'good' },
  'own-door': { label: 'At its own door', tone: 'plain' },
  undecided: { label: 'No decision', tone: 'warn' },
  forbidden: { label: 'Against decision', tone: 'bad' },
  'other-leg': { label: 'Another’s leg', tone: 'bad' },
  'outside-role': { label: 'Outside its part', tone: 'bad' },
  'foreign-network': { label: 'From elsewhere', tone: 'bad' },
  ambiguous: { label: 'Ambiguous', tone: 'warn' },
  unattributed: { label: 'Unattributed', tone: 'bad' },
  refused: { label: 'Refused or failed', tone: 'plain' },
};

export const LATE_WORDS: Readonly<Record<Lateness, string>> = {
  whole: 'came late: after the report of its time',
  further: 'came late: a further record of an access that the report of its time tells',
};

export const REASON_WORDS: Readonly<Record<UnattributedReason, string>> = {
  'unknown-actor': 'the records do not tell who it was',
  anonymous: 'nobody signed in',
  'operator-as-party': 'the room’s own account took a party’s role or name',
  'no-party': 'no agreement names this account or user',
  'no-agreement-then': 'no agreement in force then',
  'no-leg': 'what was reached belongs to no leg',
};

export const CONFIDENCE_WORDS: Readonly<Record<Confidence, string>> = {
  certain: 'certain',
  strong: 'strong, through another record',
  weak: 'weak, only the key is known',
};

export const PARTY_JOIN_WORDS: Readonly<Record<PartyJoin, string>> = {
  actor: 'account in the record',
  'lake-formation-session': 'Lake Formation session',
  'source-identity': 'source identity',
  'other-side': 'the other account’s copy',
  role: 'its own role in the room',
  'sftp-user': 'SFTP user',
  'sftp-session': 'SFTP session',
  link: 'the link’s decision',
};

export const LEG_JOIN_WORDS: Readonly<Record<LegJoin, string>> = {
  object: 'object',
  table: 'table',
  'data-set': 'data set',
  product: 'export of a product',
  received: 'bucket for what was exported',
  'decrypted-object': 'decrypted object',
  key: 'key',
  query: 'query',
};

export const COVERAGE_WORDS: Readonly<Record<CoverageRun['state'], string>> = {
  validated: 'proven by digests',
  quiet: 'proven quiet: digests name no log file',
  'partly-validated': 'proven in part',
  incomplete: 'a log file is missing or changed',
  logged: 'log files, no digest',
  silent: 'nothing tells of it',
};

/** States from best to worst. */
export const COVERAGE_STATES = ['validated', 'quiet', 'partly-validated', 'logged', 'incomplete', 'silent'] as const;
