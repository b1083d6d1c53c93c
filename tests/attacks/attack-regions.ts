import { coversRegion } from './match-released';
import type { Person } from './people';
import type { ReleasedRow } from './release-to-attack';
import { measureSuccess, type Success } from './success';

/** Of somebody of whom it is known to the cent what they spent: says that they are in the delivery where a region begins there. */
export function confirmByBounds(rows: readonly ReleasedRow[], targets: readonly Person[]): Success {
  const bounds = new Set(rows.flatMap(({ spent }) => /^(?:\[|≥)?([\d.]+)/.exec(spent ?? '')?.[1] ?? []).map(Number));
  return measureSuccess(targets.length, targets.filter(({ spent }) => bounds.has(Number(spent))).length);
}

/**
 * Takes a region apart. The attacker knows when somebody was seen, and knows the rule: regions are as small as
 * the floor lets them be and end where somebody is. So of the units of a region's interval the outermost are likelier than
 * others; it says that the target is in one of these two.
 */
export function guessCell(rows: readonly ReleasedRow[], targets: readonly Person[]): Success {
  const regions = new Map(rows.map((row) => [JSON.stringify([row.seen, row.spent]), row]));
  let tried = 0;
  let right = 0;
  for (const person of targets) {
    const guesses = [...regions.values()].flatMap((row) => {
      if (!coversRegion(row.seen ?? null, person.seen)) return [];
      const [, from, to] = /^\[(\d+),(\d+)\)$/.exec(row.spent ?? '') ?? [];
      return from === undefined ? [] : [[Number(from), Number(to) - 1]];
    });
    if (guesses.length === 0) continue;
    tried += 1;
    const unit = Math.floor(Number(person.spent));
    right +=
      guesses.filter((ends) => ends.includes(unit)).length / guesses.flatMap((ends) => [...new Set(ends)]).length;
  }
  return measureSuccess(tried, right);
}
