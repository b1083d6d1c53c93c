/** What one delivery's way through the workflow is known by: what every step of it is given. */
export interface WorkflowRun {
  readonly agreement: string;
  readonly dataset: string;
  /** Name of the execution: letters, digits, hyphens and underscores. */
  readonly run: string;
  /** The delivered file, in the landing bucket. */
  readonly delivery: string;
  /** When it was taken in, which tells the newer of two deliveries: UTC, ISO 8601. */
  readonly taken: string;
  /** Where in the landing bucket the steps leave their work to one another; ends in a slash. */
  readonly work: string;
  readonly plan: {
    /** In the landing bucket: the plan's canonical JSON. */
    readonly key: string;
    /** Of that file, hexadecimal: what certificates call the hash of the plan. */
    readonly sha256: string;
  };
  /** What the Glue job is told to do, as `orders.json` beside the plan. */
  readonly orders: { readonly sha256: string };
  /** Whether the dataset has class columns, and so a floor that a generalisation has to be found for. */
  readonly hasClasses: boolean;
  /** Whether it has columns whose replacements are computed between the job's two runs. */
  readonly hasMappings: boolean;
}

/** Where a run's work lies: cleaned rows are as raw as the delivery, so beside it. No agreement's id begins with an underscore. */
export function workPrefix(agreement: string, dataset: string, run: string): string {
  return `${WORK}${agreement}/${dataset}/${run}/`;
}

export const WORK = '_work/';

/** Where stands which run took an upload in: events come once at least, and sometimes twice. `upload`: a hash. */
export function takenKey(agreement: string, dataset: string, upload: string): string {
  return `${WORK}${agreement}/${dataset}/${TAKEN}${upload}`;
}

/** Where stands which run has one of the places that a dataset has in a day. `day`: ISO date, UTC; `place`: from 1. */
export function placeKey(agreement: string, dataset: string, day: string, place: number): string {
  return `${WORK}${agreement}/${dataset}/${TAKEN}${day}/${place}`;
}

export const TAKEN = 'taken/';
