import { judgeTransfer } from './judge-transfer';

/** `to-review`: the agreement does not say what protects the data there, and no list known here says that they are. */
export interface RecordedTransfer {
  readonly kind: 'same-jurisdiction' | 'within-eea' | 'adequate' | 'safeguarded' | 'to-review';
  readonly from: string;
  readonly to: string;
  /** The law that asks for it, and what its lists were taken from; absent where none is known for the giver's place. */
  readonly law?: string;
  readonly source?: string;
  /** The clause that says what protects the data there. */
  readonly safeguard?: string;
}

/** A disclosure as it is recorded. `safeguard`: the clause that the leg names, if any. */
export function recordTransfer(from: string, to: string, safeguard: string | undefined): RecordedTransfer {
  const judged = judgeTransfer(from, to);
  const named = { from, to, ...(safeguard === undefined ? {} : { safeguard }) };
  switch (judged.kind) {
    case 'same-jurisdiction':
    case 'within-eea':
      return { kind: judged.kind, ...named };
    case 'unknown':
      return { kind: safeguard === undefined ? 'to-review' : 'safeguarded', ...named };
    case 'adequate':
    case 'restricted': {
      const { law, source } = judged;
      const restricted = safeguard === undefined ? 'to-review' : 'safeguarded';
      return { kind: judged.kind === 'adequate' ? 'adequate' : restricted, ...named, law, source };
    }
  }
}
