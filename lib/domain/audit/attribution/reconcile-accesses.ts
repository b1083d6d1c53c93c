import { type Access, hasMoved } from '../access';
import { tellClient } from '../records/find-client';
import { SESSION_MS } from '../session-length';
import type { AttributedAccess } from './attribute-accesses';
import type { Attribution } from './attribution';
import { judgeAccess, type KnownAccounts, type LoneExceptionKind } from './judge-access';
import { openWaiting } from './open-waiting';
import type { RecordedDecision } from './recorded-decision';

/** Something that does not add up. `accesses`: ids of what shows it. */
export interface AuditException {
  readonly kind: ExceptionKind;
  readonly at: string;
  readonly party?: string;
  readonly leg?: string;
  readonly accesses: readonly string[];
  readonly decision?: string;
}

export type ExceptionKind =
  | LoneExceptionKind
  /** A permit ran out, and nothing was ever done by it: not needed, or its accesses are lost. */
  | 'unused-decision'
  /** A data key was decrypted, and the object not read: the read is lost, or came by another way. */
  | 'decrypt-without-read'
  /** Lake Formation handed out credentials that read nothing. */
  | 'vend-without-read'
  /** An SFTP session moved a file of which S3 knows nothing. */
  | 'sftp-without-object';

/** Milliseconds that a decryption may be from its read: S3 asks KMS in the moment, or, for a bucket key, some time before. */
const DECRYPT_WINDOW = 60 * 60 * 1000;
/** What Lake Formation hands out holds no longer; what is moved in a session of SFTP shows in S3 long before. */
const SESSION_WINDOW = SESSION_MS;

/** An exception, and what was noted with the accesses that show it. */
export interface FoundException<T> {
  readonly exception: AuditException;
  readonly notes: readonly T[];
}

/** Takes attributed accesses one by one, in order of time; memory grows with what happens in some hours, and no further. */
interface Reconciler<T> {
  /**
   * @param isInLog whether a log that was read has it, and not the ledger alone
   * @returns what is certain by now: of this access, and of earlier ones that nothing can explain any more
   */
  readonly add: (attributed: AttributedAccess, note: T, isInLog: boolean) => readonly FoundException<T>[];
  /** @returns the rest. */
  readonly finish: () => readonly FoundException<T>[];
}

/**
 * Compares what happened with what was decided, and what each log tells with what the others do.
 * @param watermark UTC: by now every log has delivered all that is older
 */
export function reconcileAccesses(
  attributed: readonly AttributedAccess[],
  decisions: readonly RecordedDecision[],
  watermark: string,
  accounts: KnownAccounts,
): readonly AuditException[] {
  const reconciler = openReconciler<undefined>(decisions, watermark, accounts);
  const ordered = attributed.toSorted((left, right) => timeOf(left) - timeOf(right));
  const early = ordered.flatMap((each) => reconciler.add(each, undefined, true));
  const exceptions = [...early, ...reconciler.finish()].map(({ exception }) => exception);
  return exceptions.toSorted(compareExceptions);
}

function timeOf({ joined: { access } }: AttributedAccess): number {
  return Date.parse(access.at);
}

/** The same as `reconcileAccesses`, one by one. @param T what is told again with the exceptions that an access shows */
export function openReconciler<T>(
  decisions: readonly RecordedDecision[],
  watermark: string,
  accounts: KnownAccounts,
): Reconciler<T> {
  const limit = Date.parse(watermark);
  const usedDecisions = new Set<string>();
  const checks = [openDecryptions<T>(), openVends<T>(), openTransfers<T>()];
  return {
    add: (attributed, note, isInLog) => {
      const { attribution } = attributed;
      const time = timeOf(attributed);
      const isSettled = time < limit;
      if (attribution.kind === 'attributed' && attribution.decision !== undefined) {
        usedDecisions.add(attribution.decision.id);
      }
      const found = checks.flatMap((check) => check.add(attributed, { time, isSettled, note }));
      if (!isSettled) return found;
      const { access, otherSides, witnesses } = attributed.joined;
      const ids = [access, ...otherSides, ...witnesses].map(({ id }) => id);
      const lone = judgeAccess(tellClient(attributed.joined), attribution, accounts, isInLog).map(
        ({ kind, ...whose }) => ({
          exception: { kind, at: access.at, accesses: ids, ...whose },
          notes: [note],
        }),
      );
      return [...lone, ...found];
    },
    finish: () => {
      const unused = findUnusedDecisions(usedDecisions, decisions, limit);
      return [...unused.map((exception) => ({ exception, notes: [] })), ...checks.flatMap((check) => check.finish())];
    },
  };
}

/** By time, then by kind. */
export function compareExceptions(left: AuditException, right: AuditException): number {
  return Date.parse(left.at) - Date.parse(right.at) || (left.kind < right.kind ? -1 : Number(left.kind > right.kind));
}

/** Something that is an exception unless another access, which may come later, explains it. */
interface LoneCheck<T> {
  /** @returns those that nothing can explain any more */
  readonly add: (
    attributed: AttributedAccess,
    now: { readonly time: number; readonly isSettled: boolean; readonly note: T },
  ) => readonly FoundException<T>[];
  readonly finish: () => readonly FoundException<T>[];
}

function findUnusedDecisions(
  used: ReadonlySet<string>,
  decisions: readonly RecordedDecision[],
  limit: number,
): readonly AuditException[] {
  return decisions.flatMap(({ id, effect, until, party, leg }) => {
    if (effect !== 'permit' || until === undefined || Date.parse(until) > limit || used.has(id)) return [];
    // Of the last moment in which it held: whichever period it was given in, that one can tell of it.
    const at = new Date(Date.parse(until) - 1).toISOString();
    return [{ kind: 'unused-decision', at, party, leg, accesses: [], decision: id }];
  });
}

/** A read within the window, by the same party, of the object or, with a bucket key, of any in the bucket. */
function openDecryptions<T>(): LoneCheck<T> {
  const waiting = openWaiting<FoundException<T>>(DECRYPT_WINDOW);
  return {
    add: ({ joined: { access }, attribution }, { time, isSettled, note }) => {
      const lone = waiting.pass(time);
      const party = findSoleParty(attribution);
      if (party === undefined) return lone;
      // An upload in parts decrypts what it puts together.
      const isUpload = access.act === 'write' && attribution.kind === 'attributed' && attribution.role === 'giver';
      if ((access.act === 'read' || isUpload) && access.resource.kind === 'object') {
        const { bucket, key = '' } = access.resource;
        waiting.explain(`${party} arn:aws:s3:::${bucket}`, time);
        waiting.explain(`${party} arn:aws:s3:::${bucket}/${key}`, time);
      }
      if (access.act !== 'decrypt' || access.outcome !== 'allowed' || !isSettled) return lone;
      const object = access.joins.object?.replace(/^arn:[\w-]+:s3/, 'arn:aws:s3') ?? '';
      const leg = attribution.kind === 'attributed' ? { leg: attribution.leg } : {};
      const exception = { kind: 'decrypt-without-read', at: access.at, party, ...leg, accesses: [access.id] } as const;
      waiting.put([`${party} ${object}`], time, { exception, notes: [note] });
      return lone;
    },
    finish: waiting.finish,
  };
}

/** The party, where all that fits agrees on it: a bucket's key serves all legs in the bucket. */
function findSoleParty(attribution: Attribution): string | undefined {
  if (attribution.kind === 'attributed') return attribution.party;
  if (attribution.kind !== 'ambiguous') return undefined;
  const [party, ...others] = new Set(attribution.candidates.map((candidate) => candidate.party));
  return others.length === 0 ? party : undefined;
}

/** Credentials of Lake Formation that no read used. */
function openVends<T>(): LoneCheck<T> {
  const waiting = openWaiting<FoundException<T>>(SESSION_WINDOW);
  return {
    add: ({ joined, attribution }, { time, isSettled, note }) => {
      const lone = waiting.pass(time);
      for (const { id } of joined.vendedBy) waiting.explain(id, time);
      const { access, otherSides } = joined;
      const lake = access.act === 'vend' && access.service === 'lakeformation' && access.outcome === 'allowed';
      if (!isSettled || !lake || attribution.kind !== 'attributed') return lone;
      const { party, leg } = attribution;
      const accesses = [access, ...otherSides].map(({ id }) => id);
      const exception = { kind: 'vend-without-read', at: access.at, party, leg, accesses } as const;
      waiting.put(accesses, time, { exception, notes: [note] });
      return lone;
    },
    finish: waiting.finish,
  };
}

/**
 * Transfer's own word for a file against S3's. S3's record of the same file is joined with it, so that none is there where it
 * stands alone. By the session alone: what moves no bytes (a folder, another name), and paths that are none of the room's.
 */
function openTransfers<T>(): LoneCheck<T> {
  const waiting = openWaiting<FoundException<T>>(SESSION_WINDOW);
  return {
    add: ({ joined: { access }, attribution }, { time, isSettled, note }) => {
      const lone = waiting.pass(time);
      const { session } = access.joins;
      if (access.service === 's3' && session !== undefined) waiting.explain(session, time);
      const moves = access.service === 'transfer' && (access.act === 'read' || access.act === 'write');
      if (!isSettled || !moves || !hasMoved(access)) return lone;
      const isPlaced = attribution.kind === 'attributed';
      const whose = isPlaced ? { party: attribution.party, leg: attribution.leg } : {};
      const exception = { kind: 'sftp-without-object', at: access.at, ...whose, accesses: [access.id] } as const;
      const found = { exception, notes: [note] };
      if (isPlaced && carriesBytes(access)) return [...lone, found];
      waiting.put(session === undefined ? [] : [session], time, found);
      return lone;
    },
    finish: waiting.finish,
  };
}

function carriesBytes({ bytes }: Access): boolean {
  return bytes !== undefined && bytes.in + bytes.out > 0;
}
