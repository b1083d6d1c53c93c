import { allLegs } from '../../agreement/plan/all-legs';
import { findVersionOf, listFormerLegs } from '../../exchange/entitlements/list-former-legs';
import type { AgreementOnRecord } from '../../registry/read-conduct';
import { checkPartyStatement } from '../words/party-statement';
import { type ApiAnswer, MALFORMED } from './answers/api-answer';
import { answerDestruction } from './answers/attest-destruction';
import { answerConfirmations } from './answers/confirm-erasure';
import { answerReceipt } from './answers/confirm-receipt';
import { answerNotice } from './answers/give-notice';
import { answerAccesses } from './answers/list-accesses';
import { showDeliveries } from './answers/list-deliveries';
import { answerOverruling } from './answers/overrule-by-party';
import { answerPause } from './answers/pause-by-party';
import type { AnsweringParts, PermittedRequest, Question } from './answers/question';
import { answerCertificate } from './answers/read-certificate';
import { answerProblem } from './answers/report-problem';
import { showAgreement } from './answers/show-agreement';
import { showProblems } from './answers/show-problems';
import { showReleases } from './answers/show-release';
import { answerSigning } from './answers/sign-by-party';
import { tellToSign } from './answers/tell-to-sign';
import type { ApiOperation } from './api-operations';
import { hideFromOthers, showErasures } from './show-erasures';

/** Carries out what was permitted. What a party is shown is its own: what others give and get among themselves is not told. */
export async function answerOperation(
  request: PermittedRequest,
  on: AgreementOnRecord,
  parts: AnsweringParts,
  now: string,
): Promise<ApiAnswer> {
  const { plan, conduct } = on;
  const { party, about } = request;
  const { verify, sha256 } = parts;
  const legs = [...allLegs(plan), ...listFormerLegs(plan, conduct.earlier).map(({ leg }) => leg)];
  // What a receiver has signed is its word, whoever hands it in.
  const speaker = legs.find(({ id }) => id === about)?.to ?? party;
  const under = findVersionOf(speaker, plan, conduct.earlier);
  const question: Question = {
    ...request,
    ...on,
    agreement: plan.agreement.id,
    legs,
    own: new Set(legs.flatMap((leg) => (leg.from === party || leg.to === party ? [leg.id] : []))),
    parts,
    check: (said, signed) =>
      checkPartyStatement(under, conduct.signatures, speaker, said, signed, {
        verify,
        sha256,
      }),
    now,
  };
  const answer = (await tellToSign(question, under, speaker)) ?? (await ANSWERS[request.operation](question));
  if (answer.status === 201 && SIGNED_WORDS.has(request.operation))
    await parts.tell('wordRecorded', { agreement: plan.agreement.id, party });
  return answer;
}

/** What a party says by these is signed, and may change what is granted: what is destroyed, erased, or arrived. */
const SIGNED_WORDS: ReadonlySet<ApiOperation> = new Set(['attest-destruction', 'confirm-receipt', 'confirm-erasure']);

type Answer = (question: Question) => ApiAnswer | Promise<ApiAnswer>;

const shown = (body: object): ApiAnswer => ({ status: 200, body });
/** Other functions hand out links, and use keys. */
const anotherDoor: Answer = () => ({ status: 404, body: { reason: 'another-door' } });

const ANSWERS: Readonly<Record<ApiOperation, Answer>> = {
  'read-agreement': async (question) => shown(await showAgreement(question)),
  'list-deliveries': async ({ plan, conduct, agreement, party, parts, now }) =>
    shown(showDeliveries(plan, conduct, await parts.registry.refusals(agreement).list(), party, now.slice(0, 10))),
  'list-releases': async ({ plan, agreement, conduct, own, parts, now }) =>
    shown(showReleases(plan, conduct, await parts.registry.erasures(agreement).list(), own, now)),
  'read-certificate': ({ plan, about, party, round = '', conduct, parts }) => {
    const leg = allLegs(plan).find(({ id }) => id === about);
    return leg === undefined ? MALFORMED : answerCertificate({ party, leg, round }, conduct, parts);
  },
  'list-accesses': answerAccesses,
  'sign-version': answerSigning,
  'give-notice': answerNotice,
  'suspend-agreement': ({ parts, now, ...asked }) => answerPause({ ...asked, act: 'suspend' }, parts, now),
  'resume-agreement': ({ parts, now, ...asked }) => answerPause({ ...asked, act: 'resume' }, parts, now),
  'overrule-breach': ({ parts, now, ...asked }) => answerOverruling(asked, parts, now),
  'attest-destruction': ({ agreement, legs, about, body, conduct, parts, check, now }) => {
    const leg = legs.find(({ id }) => id === about);
    return answerDestruction({ agreement, leg, body }, conduct, parts.registry, check, now);
  },
  'confirm-receipt': ({ agreement, party, about: leg = '', body, conduct, parts, check, now }) =>
    answerReceipt({ agreement, party, leg, body }, conduct, parts.registry, check, now),
  'list-problems': async ({ plan, agreement, party, conduct, parts }) =>
    shown({ problems: showProblems(plan, await parts.registry.problems(agreement).list(), party, conduct.earlier) }),
  'report-problem': ({ plan, parts, now, ...asked }) => answerProblem(asked, plan, parts, now),
  'list-erasures': async ({ agreement, legs, own, party, conduct, parts, now }) => {
    const readable = new Set(legs.flatMap((leg) => (leg.to === party ? [leg.id] : [])));
    const erasures = hideFromOthers(await parts.registry.erasures(agreement).list(), readable);
    return shown({ erasures: showErasures(erasures, { legs: own, readable }, conduct, now) });
  },
  'confirm-erasure': answerConfirmations,
  'request-erasure': anotherDoor,
  'read-release': anotherDoor,
  'request-upload': anotherDoor,
};
