import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plan, PlannedDataset } from '../domain/agreement/plan/plan';
import type { Signer } from '../domain/agreement/signature';
import { showErasures } from '../domain/enforcement/api/show-erasures';
import { findVersionOf, listFormerLegs } from '../domain/exchange/entitlements/list-former-legs';
import { confirmErasure, listLegsOf, listUnconfirmed, nameTold } from '../domain/exchange/erasure/plan-erasure';
import { releasesTokens } from '../engine/digest-subject';
import { countToken } from '../engine/duckdb/count-token';
import { hashFile } from '../engine/intake/hash-file';
import { type HoldsToken, startErasure } from '../registry/start-erasure';
import { deriveErasureKey, deriveLegKeys } from '../rehearsal/leg-keys';
import { masterKeyFile, readMasterKey } from '../rehearsal/master-key';
import { describeErasure, describeNext } from './describe/describe-erasures';
import { InvalidInput } from './describe/exit-code';
import type { Terminal } from './describe/terminal';
import { openEmbeddedRegistry, type RegistryOptions, readOnRecord } from './read/embedded-registry';
import { requireGenuine, signStatement } from './sign-statement';

interface EraseHereOptions extends RegistryOptions {
  readonly keys?: string;
  /** Folders of rounds. */
  readonly rounds?: readonly string[];
}

/** Puts an erasure on the record of this machine, under the owner's key. */
export async function eraseHere(
  file: string,
  options: EraseHereOptions,
  plan: Plan,
  dataset: PlannedDataset,
  readIdentifier: () => string,
  terminal: Terminal,
): Promise<void> {
  const { id: agreement } = plan.agreement;
  const keys = options.keys ?? join(dirname(file), '.barter', 'keys');
  if (!existsSync(masterKeyFile(keys, agreement, dataset.owner)))
    throw new InvalidInput(
      `There is no key of ${dataset.owner} in ${keys}, so nothing was released with one. Name its folder with --keys.`,
    );
  const subject = readIdentifier();
  const master = readMasterKey(keys, agreement, dataset.owner);
  const registry = openEmbeddedRegistry(file, options);
  const now = new Date().toISOString();
  const on = await readOnRecord(registry, agreement, now);
  const legs = listLegsOf(plan, on.conduct, dataset.id);
  const rounds = releasesTokens(dataset) ? (options.rounds ?? []) : [];
  const releases = rounds.flatMap((folder) => legs.map(({ to }) => releaseIn(folder, to, dataset.id)));
  for (const release of releases.filter((path) => !existsSync(path)))
    throw new InvalidInput(`${release} is not there. Name folders of rounds with --rounds.`);
  const secrets = {
    erasure: async () => deriveErasureKey(master, agreement, dataset),
    token: async (leg: Plan['legs'][number], version: number) =>
      deriveLegKeys(master, agreement, leg, { ...dataset, version }).token,
  };
  const { erasure, isNew } = await startErasure(registry, on, dataset, subject, secrets, lookUpHere(dataset), now);
  const { id } = erasure;
  terminal.out(isNew ? `${id} is on record.` : `${id} was on record already; its deadline stands.`);
  terminal.out('The next deliveries are cleaned of the subject.');
  const all = new Set(legs.map((leg) => leg.id));
  const asked = showErasures([erasure], { legs: all, readable: all }, on.conduct, now);
  const found = new Set<string>();
  for (const shown of asked) {
    terminal.out(describeErasure(plan, shown));
    for (const folder of rounds) {
      const release = releaseIn(folder, shown.party, dataset.id);
      let rows = 0;
      for (const token of shown.tokens) rows += await countToken(release, dataset.subject ?? '', token);
      terminal.out(`    ${rows} rows in ${release}`);
      if (rows > 0) found.add(shown.party);
    }
  }
  for (const line of describeNext(asked, found)) terminal.out(line);
}

/** Looks into a release that lies where the record has it, and is what was released. */
function lookUpHere({ subject = '' }: PlannedDataset): HoldsToken {
  return async ({ place, sha256 }, token) => {
    if (!existsSync(place) || (await hashFile(place)) !== sha256) return undefined;
    return (await countToken(place, subject, token)) > 0;
  };
}

function releaseIn(round: string, party: string, dataset: string): string {
  return join(round, party, 'inbox', dataset, 'release.parquet');
}

/** Whoever is on the record of this machine. */
export async function listHere(file: string, options: RegistryOptions, plan: Plan, terminal: Terminal): Promise<void> {
  const registry = openEmbeddedRegistry(file, options);
  const now = new Date().toISOString();
  const { conduct } = await readOnRecord(registry, plan.agreement.id, now);
  const erasures = await registry.erasures(plan.agreement.id).list();
  // Whoever has this machine has the record itself.
  const former = listFormerLegs(plan, conduct.earlier).map(({ leg }) => leg);
  const all = new Set([...plan.legs, ...former].map(({ id }) => id));
  const shown = showErasures(erasures, { legs: all, readable: all }, conduct, now);
  terminal.out(shown.length === 0 ? 'Nobody is to be erased.' : 'To be erased:');
  for (const each of shown) terminal.out(describeErasure(plan, each));
}

/** A receiver has erased these subjects, by whichever name it knows the erasures, from all that it has had. */
export async function confirmHere(
  file: string,
  options: RegistryOptions,
  plan: Plan,
  names: readonly string[],
  by: string,
  signer: Signer,
  terminal: Terminal,
): Promise<void> {
  const registry = openEmbeddedRegistry(file, options);
  const now = new Date().toISOString();
  const erasures = registry.erasures(plan.agreement.id);
  const known = await erasures.list();
  const on = await readOnRecord(registry, plan.agreement.id, now);
  const { conduct } = on;
  const meant = names.map((name) => {
    const before = known.find(
      (each) => each.id === name || each.receivers.some((own) => own.party === by && nameTold(each, own) === name),
    );
    if (before === undefined) throw new InvalidInput(`There is no ${name} on record.`);
    if (before.receivers.every(({ party }) => party !== by))
      throw new InvalidInput(`${by} received nothing of ${before.dataset}.`);
    return before;
  });
  for (const before of meant)
    for (const { erasure, party, leg, releases } of listUnconfirmed([before], conduct, now)) {
      if (party !== by) continue;
      const said = { purpose: 'confirm-erasure' as const, leg, erasure, releases };
      const signed = await signStatement(findVersionOf(by, on.plan, conduct.earlier), by, said, signer);
      requireGenuine(on, by, said, signed);
      const confirmation = { ...signed, releases: [...releases] };
      await erasures.change([before.id], (each) => confirmErasure(each, leg, confirmation, conduct, now));
    }
  const after = (await erasures.list()).filter(({ id }) => meant.some((each) => each.id === id));
  const rest = [...new Set(listUnconfirmed(after, conduct, now).map(({ party }) => party))];
  if (meant.every(({ receivers }) => receivers.every((each) => each.party !== by || each.releases.length === 0))) {
    terminal.out(`${by} has nothing to erase: no release on record holds the person.`);
    return;
  }
  const what = meant.length === 1 ? 'it' : `all ${meant.length}`;
  terminal.out(
    `${by} has erased ${what}.${rest.length === 0 ? ' So has everybody.' : ` Still to confirm: ${rest.join(', ')}.`}`,
  );
}
