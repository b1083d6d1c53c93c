import { allLegs } from '../agreement/all-legs';
import type { VerifySignature } from '../agreement/signature';
import type { Sha256 } from '../audit/bytes';
import { entitlementsAt } from '../exchange/entitlements-at';
import { findVersionOf, listFormerLegs } from '../exchange/list-former-legs';
import { confirmErasure, hasHad } from '../exchange/plan-erasure';
import { type ApiAnswer, DONE, MALFORMED } from './answers/api-answer';
import { answerDestruction } from './answers/attest-destruction';
import { answerReceipt } from './answers/confirm-receipt';
import { showDeliveries } from './answers/list-deliveries';
import { answerPause } from './answers/pause-by-party';
import { answerCertificate, type CertificateParts } from './answers/read-certificate';
import { answerProblem } from './answers/report-problem';
import { showProblems } from './answers/show-problems';
import { showReleases } from './answers/show-release';
import type { TellRoom } from './answers/tell-room';
import type { ApiOperation } from './api-operations';
import { confirmRequestSchema, noticeRequestSchema, signRequestSchema } from './api-schemas';
import { checkPartyStatement, type PartyStatement, type StatementSignature } from './party-statement';
import { recordNotice } from './record-notice';
import { lastDayOf } from './registered-agreement';
import type { AgreementOnRecord } from './registry/read-conduct';
import type { Registry } from './registry/registry';
import { showErasures } from './show-erasures';
import { signVersion } from './sign-version';

/** A request that was permitted. */
export interface PermittedRequest {
  readonly id: string;
  readonly operation: ApiOperation;
  readonly party: string;
  /** The leg, where it is about one. */
  readonly about?: string;
  readonly round?: string;
  /** Which page: what comes before this entry. */
  readonly before?: string;
  readonly body: unknown;
}

export interface AnsweringParts extends CertificateParts {
  readonly registry: Registry;
  readonly verify: VerifySignature;
  readonly sha256: Sha256;
  /** The accesses of a party under an agreement, those before an entry of the ledger or the latest. */
  readonly listAccesses: (agreement: string, party: string, before: number | undefined) => Promise<object>;
  readonly tell: TellRoom;
}

/** Carries out what was permitted. What a party is shown is its own: what others give and get among themselves is not told. */
export async function answerOperation(
  { id, operation, party, about, round, before, body }: PermittedRequest,
  { plan, current, conduct }: AgreementOnRecord,
  parts: AnsweringParts,
  now: string,
): Promise<ApiAnswer> {
  const { registry, verify, sha256, listAccesses, tell } = parts;
  const agreement = plan.agreement.id;
  const legs = [...allLegs(plan), ...listFormerLegs(plan, conduct.earlier).map(({ leg }) => leg)];
  // What a receiver has signed is its word, whoever hands it in.
  const speaker = legs.find(({ id: named }) => named === about)?.to ?? party;
  const check = (said: PartyStatement, signed: StatementSignature) =>
    checkPartyStatement(findVersionOf(speaker, plan, conduct.earlier), conduct.signatures, speaker, said, signed, {
      verify,
      sha256,
    });
  const own = new Set(legs.flatMap((leg) => (leg.from === party || leg.to === party ? [leg.id] : [])));
  switch (operation) {
    case 'read-agreement':
      return {
        status: 200,
        body: {
          agreement,
          version: plan.agreement.version,
          content: plan.agreement.content,
          ...(current.proposed === undefined ? {} : { proposed: current.proposed }),
          state: current.state,
          history: current.history,
          signedBy: conduct.signatures
            .filter(({ version }) => version === plan.agreement.version)
            .map((signature) => signature.party),
          lastDay: lastDayOf(plan, conduct.ending),
          ...(conduct.ending === undefined ? {} : { notice: conduct.ending }),
          entitlements: entitlementsAt(plan, conduct, now)
            .filter((entitlement) => entitlement.party === party)
            .map(({ leg, effect, releases, reason, clause }) => ({ leg, effect, releases, reason, clause })),
        },
      };
    case 'list-deliveries': {
      const refusals = await registry.refusals(agreement).list();
      return { status: 200, body: showDeliveries(plan, conduct, refusals, party, now.slice(0, 10)) };
    }
    case 'list-releases':
      return { status: 200, body: showReleases(plan, conduct, own, now) };
    case 'read-certificate': {
      const leg = allLegs(plan).find(({ id: named }) => named === about);
      return leg === undefined ? MALFORMED : answerCertificate({ party, leg, round: round ?? '' }, conduct, parts);
    }
    case 'list-accesses': {
      const page = readPage(before);
      return page === undefined ? MALFORMED : { status: 200, body: await listAccesses(agreement, party, page.before) };
    }
    case 'sign-version': {
      const { data } = signRequestSchema.safeParse(body);
      if (data === undefined) return MALFORMED;
      const signing = await signVersion(registry, { ...data, agreement, party, at: now }, verify);
      return signing.kind === 'signed'
        ? { status: 201, body: { decision: 'permit', unsigned: signing.unsigned } }
        : { status: 409, body: { reason: signing.fault } };
    }
    case 'give-notice': {
      const { data } = noticeRequestSchema.safeParse(body);
      if (data === undefined) return MALFORMED;
      const notice = await recordNotice(registry, plan, party, data.reason, now);
      if (notice.kind === 'refused') return { status: 409, body: { reason: notice.fault } };
      await tell('noticeGiven', { agreement });
      return { status: 201, body: { decision: 'permit', notice: notice.ending } };
    }
    case 'suspend-agreement':
      return answerPause({ agreement, act: 'suspend', party, body }, parts, now);
    case 'resume-agreement':
      return answerPause({ agreement, act: 'resume', party, body }, parts, now);
    case 'attest-destruction': {
      const leg = legs.find(({ id: named }) => named === about);
      return answerDestruction({ agreement, leg, body }, conduct, registry, check, now);
    }
    case 'confirm-receipt':
      return answerReceipt({ agreement, party, leg: about ?? '', body }, conduct, registry, check, now);
    case 'list-problems':
      return { status: 200, body: { problems: showProblems(plan, await registry.problems(agreement).list(), party) } };
    case 'report-problem':
      return answerProblem({ id, party, body }, plan, parts, now);
    case 'list-erasures': {
      const erasures = await registry.erasures(agreement).list();
      const readable = new Set(legs.flatMap((leg) => (leg.to === party ? [leg.id] : [])));
      return { status: 200, body: { erasures: showErasures(erasures, { legs: own, readable }, conduct, now) } };
    }
    case 'confirm-erasure': {
      const { data } = confirmRequestSchema.safeParse(body);
      if (data === undefined || data.leg !== about) return MALFORMED;
      const erasures = registry.erasures(agreement);
      const known = (await erasures.read(data.erasure))?.receivers.find(({ leg }) => leg === data.leg);
      if (known === undefined) return { status: 404, body: { reason: 'no-such-erasure' } };
      const { erasure: id, leg, ...confirmation } = data;
      const { releases, ...signed } = confirmation;
      const fault = check({ purpose: 'confirm-erasure', leg, erasure: id, releases }, signed);
      if (fault !== undefined) return { status: 409, body: { reason: fault } };
      if (!hasHad(known, releases, conduct)) return { status: 409, body: { reason: 'not-received' } };
      await erasures.change([id], (erasure) => confirmErasure(erasure, leg, confirmation, conduct, now));
      return DONE;
    }
    // Other functions hand out links, and use keys.
    case 'request-erasure':
    case 'read-release':
    case 'request-upload':
      return { status: 404, body: { reason: 'another-door' } };
  }
}

/** Undefined for what is no position. */
function readPage(before: string | undefined): { readonly before: number | undefined } | undefined {
  if (before === undefined) return { before: undefined };
  return /^\d{1,15}$/.test(before) ? { before: Number(before) } : undefined;
}
