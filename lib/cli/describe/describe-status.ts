import type { Plan } from '../../domain/agreement/plan/plan';
import { checkSignature, type VerifySignature, type VersionSignature } from '../../domain/agreement/signature';
import { findSigningRules, listSigned } from '../../domain/agreement/signing-rules';
import type { Sha256 } from '../../domain/bytes';
import { remediesAt } from '../../domain/enforcement/breaches/remedies-at';
import { listUnproven } from '../../domain/enforcement/words/check-attestation';
import { entitlementsAt } from '../../domain/exchange/entitlements/entitlements-at';
import { judgeDestruction, planExit, settle } from '../../domain/exchange/entitlements/plan-exit';
import { listRetained } from '../../domain/exchange/entitlements/plan-retention';
import { listUnconfirmed } from '../../domain/exchange/erasure/plan-erasure';
import { trackWorth, type WorthOfRound } from '../../domain/exchange/fairness/track-worth';
import { isOutdated } from '../../domain/exchange/peers/find-amended';
import { judgeDeliveries } from '../../domain/exchange/rounds/judge-deliveries';
import { type DueRound, listRounds } from '../../domain/exchange/rounds/list-rounds';
import { formatCount, formatShare, formatWorth } from '../../domain/format';
import type { ErasureRecord } from '../../domain/registry/conduct-records';
import type { AgreementOnRecord } from '../../domain/registry/read-conduct';
import { lastDayOf } from '../../domain/registry/registered-agreement';
import type { ProblemRecord } from '../../domain/registry/told-records';
import { formatSignedShare } from '../../report/format';
import { describeExitStep, describeKeysLeft } from './describe-exit';
import type { Terminal } from './terminal';

interface StatusSources {
  readonly erasures: readonly ErasureRecord[];
  readonly problems: readonly ProblemRecord[];
  readonly signatures: readonly VersionSignature[];
  /** All versions on record. */
  readonly versions: readonly Pick<Plan, 'agreement' | 'parties' | 'term'>[];
  readonly verify: VerifySignature;
  readonly sha256: Sha256;
  /** Files of keys that lie on this machine still, though the agreement is over. */
  readonly keysLeft: readonly string[];
  readonly now: string;
}

type Status = ReturnType<typeof readStatus>;
type Paint = (text: string) => string;

/** Where an agreement stands now, for people and for programs. */
export function readStatus(written: Plan, { plan, current, conduct }: AgreementOnRecord, sources: StatusSources) {
  const { erasures, problems, signatures, versions, verify, sha256, keysLeft, now } = sources;
  const isWritten = written.agreement.content === plan.agreement.content;
  const version = isWritten ? plan : written;
  const { signers, keyOf } = findSigningRules(version, versions, signatures);
  return {
    agreement: plan.agreement,
    state: current.state,
    history: current.history,
    // An amendment may have had its term end sooner.
    ...(conduct.ending === undefined ? {} : { notice: { ...conduct.ending, lastDay: lastDayOf(plan, conduct) } }),
    file: { version: written.agreement.version, isInForce: isWritten },
    ...(current.proposed === undefined ? {} : { proposed: current.proposed }),
    ...(current.waiting === undefined ? {} : { waiting: current.waiting }),
    signatures: signers.map((id) => {
      const own = signatures.find((each) => each.party === id && each.version === version.agreement.version);
      if (own === undefined) return { party: id, state: 'missing' as const };
      const fault = checkSignature(version, own, verify, { signers, key: keyOf(id) });
      return { party: id, state: fault ?? ('signed' as const), at: own.at };
    }),
    rounds: listKnown(conduct, now.slice(0, 10)).map(({ day, legs }) => ({
      day,
      state: conduct.rounds.find((round) => round.day === day)?.state ?? ('open' as const),
      waitsFor: legs.filter(
        (leg) =>
          !conduct.releases.some((each) => each.round === day && each.leg === leg && !isOutdated(each, plan, conduct)),
      ),
    })),
    worth: trackWorth(conduct.releases, erasures),
    entitlements: entitlementsAt(plan, conduct, now),
    due: {
      overdue: judgeDeliveries(plan, conduct, now).overdue,
      measures: remediesAt(plan, conduct.breaches, now, conduct.versions),
      breaches: conduct.breaches.filter(
        ({ resolvedAt, overruled }) => resolvedAt === undefined && overruled === undefined,
      ),
      erasures: listUnconfirmed(erasures, conduct, now),
      unproven: listUnproven(conduct, erasures, {
        versions: listSigned(versions, signatures),
        signatures,
        proof: { verify, sha256 },
      }),
      retention: listRetained(plan, conduct, now).filter(({ state }) => state === 'due' || state === 'overdue'),
      destruction: current.state === 'ended' ? judgeDestruction(plan, conduct, now) : [],
    },
    overruled: conduct.breaches.filter(({ overruled }) => overruled !== undefined),
    problems: problems.toSorted((left, right) => (left.at < right.at ? -1 : 1)),
    exit: conduct.ending === undefined && current.state !== 'ended' ? [] : planExit(plan, conduct),
    keysLeft,
    settlement: settle(plan, conduct),
  };
}

/** What has become due, and what was delivered before that. */
function listKnown(conduct: AgreementOnRecord['conduct'], today: string): readonly DueRound[] {
  const due = listRounds(conduct, today);
  const early = conduct.rounds.filter((round) => !due.some(({ day }) => day === round.day));
  return [...due, ...early].sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** The last rounds, and problems, that are shown. */
const ROUNDS = 5;
const PROBLEMS = 10;

export function describeStatus(status: Status, { bold, green, red, yellow, dim }: Terminal['colour']): string {
  const { agreement, state, file, proposed, waiting } = status;
  const paint = state === 'active' ? green : state === 'draft' || state === 'signed' ? yellow : red;
  const [last] = status.history.slice(-1);
  const lines = [
    `${bold(agreement.title)} ${dim(`(${agreement.id}, version ${agreement.version})`)}: ${paint(state)}`,
    ...(last === undefined ? [] : [dim(`  since ${last.at.slice(0, 10)}: ${last.reason} (${last.clause})`)]),
    ...describeNotice(status).map(yellow),
    ...(file.isInForce
      ? []
      : [yellow(`  The file says version ${file.version}, with other terms: it is not in force. See barter amend.`)]),
    ...(proposed === undefined ? [] : [yellow(`  Version ${proposed} waits for signatures.`)]),
    ...(waiting === undefined
      ? []
      : [yellow(`  Version ${waiting} is signed by all, and waits for the first day of its term.`)]),
    '',
    bold(`Signatures${file.isInForce ? '' : ` under version ${file.version}`}`),
    ...status.signatures.map(({ party, state: signed, at }) =>
      signed === 'signed'
        ? `  ${green('signed')}   ${party}  ${dim(at?.slice(0, 10) ?? '')}`
        : `  ${red(signed === 'missing' ? 'missing' : `refused: ${signed}`)}  ${party}`,
    ),
    '',
    bold('Rounds'),
    ...status.rounds.slice(-ROUNDS).map(({ day, state: round, waitsFor }) => {
      const rest = round === 'published' || waitsFor.length === 0 ? '' : `  waits for ${waitsFor.join(', ')}`;
      return `  ${day}  ${round === 'published' ? green(round) : round}${rest}`;
    }),
    ...(status.rounds.length === 0 ? [dim('  none is due yet')] : []),
    ...describeWorth(status, bold),
    '',
    bold('Entitlements'),
    ...status.entitlements.map(({ effect, party, leg, reason, clause, releases }) => {
      const what =
        effect === 'grant'
          ? green(`granted   ${releases.length} ${releases.length === 1 ? 'release' : 'releases'}`)
          : `withheld  ${reason}`;
      return `  ${party} by ${leg}: ${what}  ${dim(`(${clause})`)}`;
    }),
    ...describeDue(status),
    ...describeOverruled(status),
    ...describeProblems(status),
    ...describeExit(status, bold, yellow),
    ...(status.settlement.every(({ gave, got }) => gave === 0 && got === 0)
      ? []
      : [
          '',
          bold('In worth'),
          ...status.settlement.map(
            ({ party, gave, got }) => `  ${party} gave ${formatWorth(gave)}, got ${formatWorth(got)}`,
          ),
        ]),
  ];
  return lines.join('\n');
}

/** Whoever gave it wrote why, so nothing in it reaches the terminal as a command. */
function describeNotice({ state, notice }: Status): readonly string[] {
  if (notice === undefined) return [];
  const { by, at, reason, lastDay } = notice;
  const why = reason.replaceAll(/\p{Cc}/gu, ' ');
  const ends = state === 'ended' || state === 'settled' ? 'It ended' : 'It ends';
  return [`  ${ends} after ${lastDay}: ${by} gave notice on ${at.slice(0, 10)}, ${why}`];
}

function describeExit({ exit, keysLeft }: Status, bold: Paint, yellow: Paint): readonly string[] {
  const lines = [...exit.map(describeExitStep), ...describeKeysLeft(keysLeft).map((line) => yellow(`  ${line}`))];
  return lines.length === 0 ? [] : ['', bold('Exit'), ...lines];
}

/** Of each leg the last rounds, so that a swap that dwindles is seen while it does. */
function describeWorth({ worth }: Status, bold: Paint): readonly string[] {
  const legs = [...new Set(worth.map(({ leg }) => leg))];
  const lines = legs.flatMap((leg) => [
    `  ${leg}`,
    ...worth
      .filter((each) => each.leg === leg)
      .slice(-ROUNDS)
      .map(describeWorthOfRound),
  ]);
  return lines.length === 0 ? [] : ['', bold('Worth by round'), ...lines];
}

function describeWorthOfRound({ round, value, figures, change, erased, leftOut }: WorthOfRound): string {
  const trend = change === undefined ? '' : ` (${formatSignedShare(change)})`;
  const from =
    figures === undefined
      ? ''
      : `: ${formatCount(figures.subjects)} subjects, ${formatShare(figures.completeness)} complete, ${formatShare(figures.loss)} lost`;
  const of = figures === undefined ? '' : ` of ${formatCount(figures.subjects)}`;
  const since = erased === undefined ? '' : `; erased since: ${formatCount(erased)}${of}`;
  const before =
    leftOut === undefined ? '' : `; erased before: ${formatCount(leftOut.persons)}, the last asked on ${leftOut.asked}`;
  return `    ${round}  ${formatWorth(value)}${trend}${from}${before}${since}`;
}

function describeOverruled({ overruled }: Status): readonly string[] {
  const lines = overruled.map(
    ({ report, overruled: by }) => `  ${report}: by ${by?.by} on ${by?.at.slice(0, 10)}, ${by?.reason}`,
  );
  return lines.length === 0 ? [] : ['', 'Overruled', ...lines];
}

/** The last that parties reported; words of theirs, so nothing in them reaches the terminal as a command. */
function describeProblems({ problems }: Status): readonly string[] {
  const lines = problems
    .slice(-PROBLEMS)
    .map(
      ({ at, party, leg, text }) =>
        `  ${at.slice(0, 10)}  ${party}${leg === undefined ? '' : `, of ${leg}`}: ${text.replaceAll(/\p{Cc}/gu, ' ')}`,
    );
  return lines.length === 0 ? [] : ['', 'Problems reported', ...lines];
}

function describeDue({ due }: Status): readonly string[] {
  const lines = [
    ...due.overdue.map(({ party, leg, round }) => `  overdue: ${party} has not delivered ${leg} of ${round}`),
    ...due.breaches.map(
      ({ kind, party = 'nobody', since, report, clause }) =>
        `  breach: ${kind} by ${party} since ${since.slice(0, 10)} (${clause}; ${report})`,
    ),
    ...due.measures.map(({ do: measure, party, clause }) => `  remedy: ${measure} against ${party} (${clause})`),
    ...due.erasures.map(
      ({ party, erasure, overdue, deadline }) =>
        `  erasure ${erasure}: ${party} has not confirmed, and has to by ${deadline.slice(0, 10)}${overdue ? ': that is over' : ''}`,
    ),
    ...due.unproven.map(
      ({ party, leg, erasure, round, fault }) =>
        `  in the name of ${party}, and not signed by it (${fault}): ${erasure === undefined ? `destruction of ${leg}` : `${erasure} of ${leg}`}${round === undefined ? '' : ` of ${round}`}`,
    ),
    ...due.retention.map(
      ({ leg, round, over, due: until, state }) =>
        `  ${leg.to} has to destroy ${leg.id} of ${round}, whose time was over on ${over.slice(0, 10)}, and attest it by ${until.slice(0, 10)}${state === 'overdue' ? ': that is over' : ''}`,
    ),
    ...due.destruction.map(({ party, leg }) => `  ${party} has not attested the destruction of ${leg}`),
  ];
  return lines.length === 0 ? [] : ['', 'Due', ...lines];
}
