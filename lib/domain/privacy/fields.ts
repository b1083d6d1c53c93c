import type { Node } from './class-merger';
import { isWithin } from './lattice-box';
import type { Field } from './scout-classes';

/** Rows as they are laid out for some nodes. */
export interface Fields {
  /** Of those for a coarser node, the one that tells soonest. */
  readonly choose: (node: Node) => Field;
  readonly keep: (field: Field) => void;
}

/** Fields kept at once, and tuples in them: so many times as many as there are, or this many. */
const MOST_FIELDS = 256;
const TIMES_KEPT = 4;
const KEPT_TUPLES = 2e7;

/** Those that are not used for long are forgotten. */
export function createFields(everything: Field): Fields {
  const most = Math.max(TIMES_KEPT * everything.rows.length, KEPT_TUPLES);
  /** The one used last stands last. */
  const fields: Field[] = [];
  let kept = 0;
  return {
    choose: (node) => {
      let chosen = -1;
      for (const [place, { under, small }] of fields.entries())
        if (small > (fields[chosen]?.small ?? -1) && isWithin(node, under)) chosen = place;
      const [field] = chosen < 0 ? [] : fields.splice(chosen, 1);
      if (!field) return everything;
      fields.push(field);
      return field;
    },
    keep: (field) => {
      fields.push(field);
      kept += field.rows.length;
      while (fields.length > MOST_FIELDS || (fields.length > 1 && kept > most)) kept -= fields.shift()!.rows.length;
    },
  };
}
