import type { PauseAct } from '../../../../lib/domain/agreement/lifecycle';
import { answerPause } from '../../../../lib/domain/enforcement/api/answers/pause-by-party';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { registerSigned } from '../../../fixtures/registered';

/** An agreement in force, in which parties say what they say a minute after one another. */
export async function openSayings() {
  const { registry, items, agreement } = await registerSigned(PLAN);
  await registry.current(agreement).change([], (current) => ({ ...current, state: 'active' }));
  const told: object[] = [];
  let minute = 0;
  const say = (party: string, act: PauseAct, body: unknown = { reason: 'a leak is looked into' }, more = 1) => {
    minute += more;
    const tell = async (what: string, detail: object) => void told.push({ what, ...detail });
    const now = new Date(Date.parse('2026-03-10T10:00:00Z') + minute * 60_000).toISOString().replace('.000Z', 'Z');
    return answerPause({ agreement, act, party, body }, { registry, tell }, now);
  };
  return { registry, items, agreement, say, told };
}
