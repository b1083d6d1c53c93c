import type { AgreementInForce } from '../domain/agreement/agreement-in-force';
import { didYouMean } from '../domain/agreement/checks/suggest-name';
import { allLegs } from '../domain/agreement/plan/all-legs';
import type { RecordedDecision } from '../domain/audit/attribution/recorded-decision';
import { plainText } from '../domain/plain-text';
import { InvalidInput } from './describe/exit-code';

/**
 * Nobody could have been permitted what no agreement has: a slip of the pen, by which what was permitted would look like a breach.
 * What is of agreements or versions that are not at hand permits nothing here either, and is told; of a leg of another party's own
 * room it permits what is told there.
 * @throws InvalidInput
 */
export function checkDecisions(
  decisions: readonly RecordedDecision[],
  agreements: readonly Pick<AgreementInForce, 'plan' | 'former'>[],
  tell: (text: string) => void,
): void {
  const strange = new Set<string>();
  for (const { id, effect, agreement, party, leg } of decisions) {
    if (effect === 'forbid') continue;
    const name = `${agreement.id} version ${agreement.version}`;
    const found = agreements.find(
      ({ plan }) => plan.agreement.id === agreement.id && plan.agreement.version === agreement.version,
    );
    if (found === undefined) {
      strange.add(name);
      continue;
    }
    const parties = found.plan.parties.map((each) => each.id);
    const legs = [...allLegs(found.plan), ...(found.former ?? [])].map((each) => each.id);
    const refuse = (what: string, said: string, known: readonly string[]) => {
      if (known.includes(said)) return;
      const meant = didYouMean(said, known);
      throw new InvalidInput(
        `--decisions: ${plainText(id)} permits the ${what} \`${plainText(said)}\`, which ${name} does not have. ${meant}It has ${known.join(', ')}.`,
      );
    };
    refuse('party', party, parties);
    refuse('leg', leg, legs);
  }
  if (strange.size > 0) {
    tell(
      `--decisions: nothing is known of ${[...strange].map(plainText).toSorted().join(', ')}: what was decided of them permits nothing here.`,
    );
  }
}
