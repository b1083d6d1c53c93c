import { type Caller, RULES } from './data-exchange-rules';
import { type ExchangeState, emptyExchange } from './data-exchange-state';
import { type StandIn, serveFromModel } from './serve-from-model';

/** No emulator has AWS Data Exchange. */
export interface DataExchange extends StandIn {
  readonly state: ExchangeState;
  /** Forgets everything. */
  forget(): void;
}

export interface ExchangeOptions {
  readonly sizeOf: Caller['sizeOf'];
  readonly now: () => string;
  readonly pollsPerJob?: number;
  /** Of the service as several rooms see it, each from its account; without it, one that knows nothing. */
  readonly state?: ExchangeState;
}

export function serveDataExchange({
  sizeOf,
  now,
  pollsPerJob = 1,
  state = emptyExchange(),
}: ExchangeOptions): DataExchange {
  const newId = () => {
    const id = (state.ids.length + 1).toString(16).padStart(32, '0');
    state.ids.push(id);
    return id;
  };
  const callerOf = (account: string): Caller => ({ account, now: now(), newId, sizeOf, pollsPerJob });
  return {
    state,
    forget: () => {
      for (const kept of [state.dataSets, state.revisions, state.assets, state.jobs, state.grants]) kept.clear();
      state.notifications.length = 0;
    },
    ...serveFromModel({ service: 'dataexchange', rules: RULES, state, callerOf, otherwise: 'not-implemented' }),
  };
}
