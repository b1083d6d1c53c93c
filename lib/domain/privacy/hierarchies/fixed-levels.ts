import canonicalize from 'canonicalize';
import type { PlannedDataset } from '../../agreement/plan/plan';
import { encodeText, formatHex, type Sha256 } from '../../bytes';
import { DEFAULT_RECODING, type RecodingMode } from '../search/recoding';
import type { Solution, Unreachable } from '../search/solution';

/** What the first release of a data set version settles for all that follow. */
export interface FixedLevels {
  readonly mode: RecodingMode;
  /** SHA-256 of all that levels refer to, hexadecimal; see `hashLadders`. */
  readonly ladders: string;
  /** One for each class column; empty where each class had levels of its own (multidimensional). */
  readonly levels: readonly { readonly column: string; readonly level: number }[];
}

/** What earlier rounds leave to a solver. */
export type LevelsHold =
  | { readonly kind: 'free' }
  /** Per class column. */
  | { readonly kind: 'fixed'; readonly levels: readonly number[] }
  | ({ readonly kind: 'refused' } & Pick<Unreachable, 'reason' | 'remedy'>);

/** Whom rows are about, and how the class columns can be generalised: under other ladders the same level is another partition. */
function hashLadders({ columns, classColumns, recoding, subject }: PlannedDataset, sha256: Sha256): string {
  const ladders = classColumns.map(({ column, generalisation }) => {
    const { type, treatment, releasedAs } = columns.find(({ name }) => name === column)!;
    return { column, generalisation, type, treatment, releasedAs: releasedAs ?? null };
  });
  const mode = recoding?.mode ?? DEFAULT_RECODING.mode;
  return formatHex(sha256(encodeText(canonicalize({ subject: subject ?? null, ladders, mode }) ?? '')));
}

/** What a solution settles. */
export function settleLevels(
  dataset: PlannedDataset,
  { levels, search }: Pick<Solution, 'levels' | 'search'>,
  sha256: Sha256,
): FixedLevels {
  const { mode } = search;
  return {
    mode,
    ladders: hashLadders(dataset, sha256),
    levels:
      mode === 'multidimensional'
        ? []
        : dataset.classColumns.map(({ column }, index) => ({ column, level: levels[index]! })),
  };
}

/**
 * A later round has the levels of the first, or none. Regions (multidimensional) are cut where the data are, so that those of
 * two rounds overlap: what is in both is smaller than either, and can be one subject.
 */
export function holdLevels(dataset: PlannedDataset, fixed: FixedLevels | undefined, sha256: Sha256): LevelsHold {
  if (fixed === undefined) return { kind: 'free' };
  const which = `version ${dataset.version} of dataset ${dataset.id}`;
  const remedy = `Agree on a new version of the dataset (an amendment that raises its \`version\`), which gives it new levels and new tokens.`;
  if (fixed.ladders !== hashLadders(dataset, sha256))
    return {
      kind: 'refused',
      reason: `Releases of ${which} are out, and its columns are generalised in another way by now; rounds would overlap.`,
      remedy,
    };
  if (fixed.mode === 'multidimensional')
    return {
      kind: 'refused',
      reason: `A release of ${which} is out in multidimensional mode, whose regions follow the data: those of another round would overlap with them and single people out.`,
      remedy: `${remedy} For rounds that follow one another choose full-domain recoding.`,
    };
  return {
    kind: 'fixed',
    levels: dataset.classColumns.map(({ column }) => fixed.levels.find((each) => each.column === column)!.level),
  };
}

/**
 * Whether a run may release at levels that it `settled`, others being on record or none. Regions of two runs differ although
 * nothing of them is on record.
 */
export function mayStand(
  settled: FixedLevels,
  run: string,
  kept: (FixedLevels & { readonly run: string }) | undefined,
) {
  if (kept === undefined) return false;
  const write = ({ mode, ladders, levels }: FixedLevels) => canonicalize({ mode, ladders, levels });
  return write(settled) === write(kept) && (settled.mode === 'full-domain' || kept.run === run);
}
