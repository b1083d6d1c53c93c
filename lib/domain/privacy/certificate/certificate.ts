import type { SearchedColumn } from '../../discovery/search-release';
import type { TDistance } from '../models/privacy-floor';
import type { SearchRecord } from '../search/solution';
import type { CompositionRisk } from './measure-composition';
import type { MeasuredDiversity } from './release-measurement';

/**
 * The measured proof that comes with a release, of its files; none of it is taken from the plan, and of the solver's word
 * only the search: a release that does not bear out its levels, loss and suppressed rows is not certified (`judgeSolved`).
 * Counts of what is not in it, and measures of what came in, are rounded to the worse side, so that they tell of nobody; see
 * `show-figures`.
 */
export interface Certificate {
  readonly certificateVersion: 1;
  readonly agreement: { readonly id: string; readonly version: number };
  readonly leg: { readonly id: string; readonly from: string; readonly to: string; readonly dataset: string };
  readonly rows: RowCounts;
  /** What its worth is counted from, beside `privacy.loss`; see `valueRelease`. */
  readonly worth: {
    /** Distinct subjects released (rows, where none is named). */
    readonly subjects: number;
    /** Share of cells that tell something, 0 to 1: neither empty nor hidden whole (`***`). */
    readonly completeness: number;
  };
  /** What the released classes measure, from queries on the written release. Absent where the dataset has no quasi-identifier. */
  readonly privacy?: MeasuredPrivacy;
  /** Risk that a released row is tied to its person by the quasi-identifiers alone; before: the same on the accepted rows, untreated, rounded up to 1, 2 or 5 of the last digit told. */
  readonly risk?: { readonly before: RiskMeasures; readonly after: RiskMeasures };
  /**
   * What a receiver learns who lays this release beside the earlier ones of its data set version. Present where there are
   * earlier ones, and a subject can be followed from one to the next. `missing`: earlier ones that are no longer here to be
   * measured.
   */
  readonly compositionRisk?: CompositionRisk & { readonly missing: number };
  readonly columns: readonly CertifiedColumn[];
  /** Released columns that were searched for undeclared identifiers: how many of their different values, and what was found. */
  readonly discovery: readonly SearchedColumn[];
  readonly hashes: {
    /** One SHA-256 for all delivered files, hex: see `hashInput`. By each file's own, its name or its bytes a guess of one would be confirmed. */
    readonly input: string;
    /** SHA-256 of the canonical JSON of the plan. */
    readonly plan: string;
    /** SHA-256 of release.parquet, hex. */
    readonly output: string;
  };
  readonly tool: { readonly name: 'barter-room'; readonly version: string; readonly engine: string };
  /** What these figures assume; to be read with them. */
  readonly assumptions: readonly string[];
}

/** received = rejected + suppressed + marked + released. In a certificate all but `released` are rounded up to multiples of k. */
export interface RowCounts {
  readonly received: number;
  readonly rejected: number;
  readonly rejectedBy: readonly { readonly reason: string; readonly rows: number }[];
  readonly suppressed: number;
  /** Left out by a keyed choice, so that a leak can be traced; absent where the leg has no watermark. */
  readonly marked?: number;
  readonly released: number;
}

export interface MeasuredPrivacy {
  /** Fewest distinct subjects in a released class. */
  readonly k: number;
  readonly countedOn: 'subjects' | 'rows';
  readonly l: readonly MeasuredDiversity[];
  /** `distance`: the farthest class from all released rows, at most as agreed; promised, and judged, is that from all accepted ones. */
  readonly t: readonly { readonly column: string; readonly distance: number; readonly measure: TDistance }[];
  readonly classes: number;
  /** Share of accepted rows suppressed, 0 to 1. */
  readonly suppressed: number;
  /** Empty where each class has levels of its own (multidimensional). */
  readonly levels: readonly { readonly column: string; readonly level: number; readonly of: number }[];
  /** Mean over cells of leaves(shown value) / leaves(domain), but for marks; a suppressed cell counts 1. 0 to 1, rounded up. */
  readonly loss: number;
  readonly quality: ReleaseQuality;
  /** Classes by size, smallest first. */
  readonly classSizes: readonly ClassSizeBin[];
  /**
   * Fewest subjects that share the same set of classes: the group left to somebody who follows one token over its rows.
   * Present only where subjects have rows in several classes and can be followed.
   */
  readonly linkedK?: number;
  /** Fewest subjects of the population that a class stands for. */
  readonly kMap?: number;
  /** Share of the population of a class that is in the release. */
  readonly presence?: { readonly least: number; readonly greatest: number };
  /** How the classes were found, and how far from the best there is they may be. */
  readonly search: CertifiedSearch;
}

export type CertifiedSearch = Omit<SearchRecord, 'cost'>;

/** What the classes are worth beside the loss, in measures that are usual in the field: less is better in all. */
export interface ReleaseQuality {
  /** Average class in rows, suppressed ones being a class of their own (AECS; LeFevre et al., ICDE 2006). */
  readonly averageClass: number;
  /** How many rows a row cannot be told from, as a share of all accepted ones (Bayardo and Agrawal, ICDE 2005). */
  readonly discernibility: number;
}

/** Released classes that hold `from` to `to` subjects (both included). */
export interface ClassSizeBin {
  readonly from: number;
  readonly to: number;
  readonly classes: number;
  readonly rows: number;
}

/**
 * Re-identification risk, each 0 to 1 (El Emam, "Guide to the De-Identification of Personal Health Information", 2013).
 * Subjects are counted, or rows where none is named.
 */
export interface RiskMeasures {
  /** 1 / smallest group (a class; where subjects can be followed over several, `linkedK`): the attacker knows that a certain person is in the data. */
  readonly prosecutor: number;
  /** 1 / smallest class of the population; without a population table the delivery stands in for it, which overstates the risk. */
  readonly journalist: number;
  /** Classes / subjects: the share an attacker gets right who tries everybody. */
  readonly marketer: number;
  /** Share of subjects in a class of one. */
  readonly unique: number;
}

export interface CertifiedColumn {
  readonly name: string;
  readonly role: string;
  readonly treatment: string;
  /** Level chosen, for a generalised column. */
  readonly level?: number;
  /** Fewest subjects that share a released value (rows, where none is named), where that is why it goes out; absent where none is shown. */
  readonly sharedBy?: number;
  readonly released: boolean;
}
