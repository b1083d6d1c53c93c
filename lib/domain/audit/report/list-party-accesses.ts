import type { Sha256 } from '../../bytes';
import { decisionsSince } from '../../registry/decisions-since';
import type { Registry } from '../../registry/registry';
import type { Resource } from '../access';
import { openAttribution, readQueried } from '../attribution/attribute-accesses';
import { placeAgreement, placeProposed, type RoomPlaces } from '../attribution/place-agreement';
import { readLatest } from '../ledger/read-latest';
import type { LedgerStore } from '../ledger/record-accesses';
import { joinAccesses } from '../records/join-accesses';
import { concernParty } from './concern-party';
import { readRecordedAgreement } from './read-audit-records';
import { openRowReporter } from './report-access';
import type { ReportedAccess } from './reported-access';

/** What a party is shown of one access: its own, or one to what it gives or gets. */
export interface PartyAccess {
  readonly at: string;
  /** Who it was: a party; absent: nobody that the agreement names, or more than one fits. */
  readonly party?: string;
  /** 12 digits, where it is known. */
  readonly account?: string;
  readonly leg?: string;
  readonly dataset?: string;
  readonly clause?: string;
  readonly decision?: 'permit' | 'forbid';
  readonly explained: ReportedAccess['explained']['kind'];
  readonly act: ReportedAccess['act'];
  readonly operation: string;
  readonly outcome: ReportedAccess['outcome'];
  readonly resource: string;
  readonly bytes?: number;
  /** Only of its own accesses: from where. */
  readonly ip?: string;
  /** Where it stands in the access ledger, and the hash of the entry: for an inclusion proof. */
  readonly entry: number;
  readonly leaf: string;
}

interface PartyAccessPage {
  /** The latest first. */
  readonly accesses: readonly PartyAccess[];
  /** Ask with `before` this for the page before; absent: there is none. */
  readonly before?: number;
}

interface AccessRecords {
  readonly registry: Registry;
  readonly ledger: { readonly origin: string; readonly store: Pick<LedgerStore, 'get'> };
  readonly places: RoomPlaces;
  readonly sha256: Sha256;
}

/** Bundles that one page looks through: so many accesses of all parties, of which it shows the party's. */
const BUNDLES = 8;
/** And around it, so that the two sides of one access are one, whatever page each is on. */
const AROUND = 1;

/**
 * The accesses that the ledger has of a party under an agreement, page by page from the latest: what it did, and what was done
 * with what it gives or gets. Nothing of anybody else's is shown, nor who did it more exactly than by account.
 */
export async function listPartyAccesses(
  { registry, ledger, places, sha256 }: AccessRecords,
  agreement: string,
  party: string,
  before: number | undefined,
): Promise<PartyAccessPage> {
  const window = await readLatest(sha256, ledger, before, BUNDLES, AROUND);
  const { versions, proposed, made, decisions } = await readRecordedAgreement(
    registry,
    agreement,
    decisionsSince(window.accesses.map(({ access }) => access.at)),
  );
  const inForce = versions.map((version) => placeAgreement(version, places, made));
  const entries = new Map(window.accesses.map((each) => [each.access.id, each]));
  const accesses = window.accesses.map(({ access }) => access);
  const queried = new Map<string, Resource>();
  for (const access of accesses) {
    const [query, table] = readQueried(access) ?? [];
    if (query !== undefined && table !== undefined) queried.set(query, table);
  }
  const roomAccounts = new Set([places.account]);
  const attribute = openAttribution({
    agreements: inForce,
    proposed: proposed.map((plan) => placeProposed(plan, places)),
    decisions,
    roomAccounts,
    queried,
  });
  const report = openRowReporter(inForce.map((each) => ({ inForce: each, plan: '' })));
  const owners = new Map([places.landingBucket, places.lakeBucket].map((bucket) => [bucket, places.account]));
  const { isOwn } = concernParty(agreement, party, inForce);
  const own = joinAccesses(accesses, owners, inForce)
    .map((joined) => report(attribute(joined), () => []))
    .filter(isOwn)
    .flatMap((row) => {
      const entry = entries.get(row.id);
      // The page that the row itself is on shows it.
      const isHere = entry !== undefined && entry.index >= window.from && entry.index < window.end;
      return isHere ? [showAccess(row, party, entry)] : [];
    });
  return {
    accesses: own.toSorted((left, right) => right.entry - left.entry),
    ...(window.from === 0 ? {} : { before: window.from }),
  };
}

function showAccess(
  { at, explained, actor, act, service, operation, outcome, resource, bytes, client }: ReportedAccess,
  party: string,
  { index, leaf }: { readonly index: number; readonly leaf: string },
): PartyAccess {
  const attributed = explained.kind === 'attributed' ? explained : undefined;
  const isOwn = attributed?.party === party || (explained.kind === 'own-door' && explained.party === party);
  const moved = (bytes?.out ?? 0) + (bytes?.in ?? 0);
  return {
    at,
    ...(attributed === undefined ? {} : { party: attributed.party, leg: attributed.leg, dataset: attributed.dataset }),
    ...(explained.kind === 'own-door' ? { party: explained.party } : {}),
    ...(actor.account === undefined ? {} : { account: actor.account }),
    ...(attributed?.decision === undefined
      ? {}
      : { clause: attributed.decision.clause, decision: attributed.decision.effect }),
    explained: explained.kind,
    act,
    operation: `${service}:${operation}`,
    outcome,
    resource: resource.name,
    ...(bytes === undefined ? {} : { bytes: moved }),
    ...(isOwn && client?.ip !== undefined ? { ip: client.ip } : {}),
    entry: index,
    leaf,
  };
}
