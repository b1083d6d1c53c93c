import { AGREEMENT_STACK, ROOM_STACKS } from '../../room/room-names';
import { listUnreported, type ReportedPeriod } from '../attribution/find-lateness';
import type { AuditHeader, GivenEvidence } from './audit-header';
import type { Reliance } from './audit-report';

/**
 * What the verdict hangs on and nothing in the report proves, each with whoever can tell: an auditor has to see on the page where
 * a proof ends.
 */
export function listReliance({
  integrity,
  inputs: { given },
  functions,
  room,
  period,
  after = [],
}: Pick<AuditHeader, 'integrity' | 'inputs' | 'functions' | 'room' | 'period' | 'after'>): readonly Reliance[] {
  return [
    integrity.kind === 'not-checked' ? relyOnLogs(room.accounts) : KEYS,
    ...(given.serverAccessLogs ? [] : [TRAIL_ALONE]),
    ...relyOnDecisions(given),
    ...(given.registry ? [] : [AGREEMENTS]),
    ROLES,
    functions === undefined ? CODE_UNKNOWN : CODE,
    ...listUnreported([...after, period]).map(relyOnNobody),
  ];
}

function relyOnNobody({ from, to }: ReportedPeriod): Reliance {
  return {
    on: 'times-between',
    sentence: `Of ${from} to ${to} neither this report tells nor one that it follows: what was done then is in none, until one of it is made.`,
  };
}

function relyOnLogs(accounts: readonly string[]): Reliance {
  return {
    on: 'log-files',
    sentence: `No digests were given: that the log files are what AWS wrote is the word of whoever kept them. A record of ${accounts.join(', ')} that was rewritten to name the room passes for the room’s own doing.`,
  };
}

const KEYS: Reliance = {
  on: 'trail-keys',
  sentence:
    'Digests were believed by the public keys that were given. That these are CloudTrail’s is shown by AWS alone: ask it with `aws cloudtrail list-public-keys`.',
};

const TRAIL_ALONE: Reliance = {
  on: 'trail-alone',
  sentence: 'S3’s own logs were not given: a request that the trail leaves out is not noticed here.',
};

function relyOnDecisions({ registry, decisions }: GivenEvidence): readonly Reliance[] {
  const recorded: Reliance = {
    on: 'decisions',
    sentence:
      'Decisions are told as the room’s record has them. That none was written or changed later is shown by the trail, and by packs that somebody kept: `barter verify --earlier` compares them.',
  };
  const given: Reliance = {
    on: 'decisions',
    sentence: 'Decisions came in a file: that they were taken, and when, is the word of whoever gave it.',
  };
  return [...(registry ? [recorded] : []), ...(decisions ? [given] : [])];
}

const AGREEMENTS: Reliance = {
  on: 'agreements',
  sentence:
    'What is on record was not given: that the parties signed these versions, and when, is taken from the files of the agreements.',
};

const ROLES: Reliance = {
  on: 'room-roles',
  sentence: `Whoever acts in a role that is named after a stack of the room, as ${ROOM_STACKS.intake}-… or ${AGREEMENT_STACK}…, passes for the room. Whoever takes one up is an exception; a service that was made to run in one is told when it is made and, but for the functions that are listed here, not again.`,
};

const CODE_UNKNOWN: Reliance = {
  on: 'code',
  sentence: 'Which code the room’s functions ran was not given to this report; that it was changed is an exception.',
};

const CODE: Reliance = {
  on: 'code',
  sentence:
    'The hashes of the functions’ code are what Lambda said when the report was made. That this is the code that was agreed is for who builds it: see docs/audit.md.',
};
