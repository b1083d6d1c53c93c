import type { Access } from '../access';
import type { EventSummary } from './read-summary';

/** What became of one record. Nothing is dropped: whatever is no access is counted under its name. */
export type RecordReading =
  | {
      readonly kind: 'access';
      readonly access: Access;
      /** Fields that were longer than they can honestly be, and are kept up to that length. */
      readonly clipped: readonly string[];
    }
  /** A kind of record that says nothing known of shared data, e.g. `ec2.amazonaws.com RunInstances`. */
  | {
      readonly kind: 'unknown';
      readonly what: string;
      /** Where it is CloudTrail's own count of other records. */
      readonly summaries?: readonly EventSummary[];
    }
  /** A record that cannot be what it should; `problem` quotes nothing of it. */
  | { readonly kind: 'malformed'; readonly problem: string };
