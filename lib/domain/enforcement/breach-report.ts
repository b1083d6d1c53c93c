/** Something that the agreement forbids, as whoever noticed it tells the room. Never a value of the data. */
export interface BreachReport {
  /** Of the event that told it: the same report told twice has the same. */
  readonly report: string;
  /** When it was told; UTC, as EventBridge writes it. */
  readonly reportedAt: string;
  readonly agreement: string;
  /** What the agreement's remedies call it, e.g. `late-delivery`. */
  readonly breach: string;
  readonly party?: string;
  readonly leg?: string;
}

/** Reads the room's event of a breach; undefined for what is none, or is not complete. */
export function readBreachReport(event: unknown): BreachReport | undefined {
  const { id: report, time, detail } = fieldsOf(event);
  const { agreement, breach, party, leg } = fieldsOf(detail);
  if (!isName(report) || typeof time !== 'string' || !isName(agreement) || !isName(breach)) return undefined;
  if ((party !== undefined && !isName(party)) || (leg !== undefined && !isName(leg))) return undefined;
  return {
    report,
    reportedAt: time,
    agreement,
    breach,
    ...(party === undefined ? {} : { party }),
    ...(leg === undefined ? {} : { leg }),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** An id: short, and without anything that could end a key. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,200}$/.test(value);
}
