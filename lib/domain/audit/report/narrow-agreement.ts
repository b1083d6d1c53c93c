import type { AgreementInForce } from '../../agreement/agreement-in-force';
import type { Plan } from '../../agreement/plan/plan';

/** Ids of an agreement by which others swap: no text that has one of them is a party's business. */
type IsOthers = (text: string) => boolean;

/**
 * Finds whether a text names a leg or a dataset that a party neither gives nor gets, or a party that it has no leg with.
 * @param agreements all versions of the one agreement
 */
export function openOthers(party: string, agreements: readonly AgreementInForce[]): IsOthers {
  const plans = agreements.map(({ plan }) => plan);
  const own = plans.flatMap(({ legs }) => legs.filter((leg) => isOf(leg, party)));
  const known = new Set([party, ...own.flatMap(({ id, from, to, dataset }) => [id, from, to, dataset])]);
  const ids = plans.flatMap(({ parties, legs }) => [
    ...parties.flatMap(({ id, name }) => (known.has(id) ? [] : [id, name])),
    ...legs.flatMap(({ id, dataset }) => [id, dataset]),
  ]);
  const others = [...new Set(ids)].filter((id) => !known.has(id)).map(nameInText);
  return (text) => others.some((name) => name.test(text));
}

/** Whether a text names this id, as a word of its own. */
export function nameInText(id: string): RegExp {
  return new RegExp(`(?<![\\w-])${id.replace(/[^\w\s]/g, '\\$&')}(?![\\w-])`);
}

/**
 * What of a version one party's own report tells: its legs, whom it has them with, and what they carry. Clauses stay: they are
 * what it signed.
 */
export function narrowAgreement(inForce: AgreementInForce, party: string, isOthers: IsOthers): AgreementInForce {
  const { plan, former = [], places, sftpUsers, doors } = inForce;
  const legs = plan.legs.filter((leg) => isOf(leg, party));
  const ids = new Set([...legs, ...former.filter((leg) => isOf(leg, party))].map(({ id }) => id));
  const parties = new Set([party, ...legs.flatMap(({ from, to }) => [from, to])]);
  const datasets = new Set(legs.map(({ dataset }) => dataset));
  return {
    ...inForce,
    former: former.filter((leg) => isOf(leg, party)),
    plan: {
      ...plan,
      parties: plan.parties.filter(({ id }) => parties.has(id)),
      datasets: plan.datasets.filter(({ id }) => datasets.has(id)),
      legs,
      controls: plan.controls.map((control) => ({ ...control, setting: narrowSetting(control.setting, isOthers) })),
    },
    places: places.filter(({ leg }) => ids.has(leg)),
    doors: doors.filter((door) => door.party === party),
    sftpUsers: Object.fromEntries(Object.entries(sftpUsers).filter(([, id]) => id === party)),
  };
}

function isOf({ from, to }: Plan['legs'][number], party: string): boolean {
  return from === party || to === party;
}

/** Settings are listed by dataset, leg or party: `usage ≥ 10, visits ≥ 5`, or `telco: 192.0.2.0/24; retail: …`. */
function narrowSetting(setting: string, isOthers: IsOthers): string {
  if (!isOthers(setting)) return setting;
  const between = setting.includes('; ') ? '; ' : /: .*, /.test(setting) ? undefined : ', ';
  const parts = between === undefined ? [setting] : setting.split(between);
  return parts.filter((part) => !isOthers(part)).join(between) || 'as agreed for others';
}
