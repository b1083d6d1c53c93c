import { type App, type Environment, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Plan } from '../domain/agreement/plan/plan';
import { planForSide, type SidePlan } from '../domain/agreement/plan/plan-for-side';
import type { Room } from '../domain/room/room';
import { ROOM_STACKS } from '../domain/room/room-names';
import { sideOf } from '../domain/room/side-of';
import { addAgreements, type RoomCore } from './add-agreements';
import { AnonymisationStack } from './anonymisation/anonymisation-stack';
import { AuditStack } from './audit/audit-stack';
import { CatalogueStack } from './catalogue/catalogue-stack';
import { EnforcementStack } from './enforcement/enforcement-stack';
import { ExchangeStack } from './exchange/exchange-stack';
import type { IntakeStack } from './intake/intake-stack';
import { LakeStack } from './lake/lake-stack';
import { LogArchiveStack } from './vault/log-archive-stack';
import { VaultStack } from './vault/vault-stack';

/**
 * Adds what this side of the agreements needs to the app, and the rules that they are checked by at synthesis.
 * @param waiting later versions of these, which wait for signatures: nothing is drawn from them
 */
export function buildRoom(app: App, room: Room, agreed: readonly Plan[], waiting: readonly Plan[] = []): void {
  const { account, region } = room;
  const [plans = [], proposed = []] = [agreed, waiting].map((each) =>
    each.map((plan) => planForSide(plan, sideOf(room))),
  );
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const env = { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
  const stores = addStores(app, room, env, plans);
  const enforcement = addEnforcement(app, room, env, stores);
  const anonymisation = addAnonymisation(app, room, env, { ...stores, enforcement });
  const exchange = addExchange(app, env, plans, { ...stores, enforcement, anonymisation });
  const catalogue = addCatalogue(app, env, { ...stores, exchange });
  const core = { ...stores, catalogue, enforcement, anonymisation, exchange };
  const intake = addAgreements(app, room, env, plans, proposed, core);
  addAudit(app, room, env, core, intake);
}

type Stores = Pick<RoomCore, 'vault' | 'lake'>;

/** Where keys, the ledger and data lie. */
function addStores(app: App, room: Room, env: Environment, plans: readonly SidePlan[]): Stores {
  const { retention, alarms, topology } = room;
  const archive = archiveElsewhere(app, room);
  const vault = new VaultStack(app, ROOM_STACKS.vault, {
    env,
    description: 'Barter room: keys, evidence and alerts',
    retention,
    alarms,
    isPeer: topology.kind === 'peer',
    ...(archive === undefined ? {} : { archive: archive.destination }),
  });
  const lake = new LakeStack(app, ROOM_STACKS.lake, {
    env,
    description: 'Barter room: where deliveries, releases and results lie, and the trail of who asks for them',
    retention,
    plans,
    key: vault.key,
    teller: vault.teller,
    ledger: vault.ledger,
    archive: vault.archive,
  });
  if (archive !== undefined) lake.addStackDependency(archive);
  return { vault, lake };
}

function addEnforcement(app: App, { retention }: Room, env: Environment, { vault, lake }: Stores): EnforcementStack {
  const { key, noticeKey, alerts, teller, ledger, ledgerKey } = vault;
  return new EnforcementStack(app, ROOM_STACKS.enforcement, {
    env,
    description: 'Barter room: what is on record, and what makes the terms hold',
    retention,
    key,
    noticeKey,
    alerts,
    teller,
    ledger,
    ledgerKey,
    landing: lake.landing,
    lake: lake.lake,
  });
}

function addAnonymisation(
  app: App,
  { jobs }: Room,
  env: Environment,
  { vault, lake, enforcement }: Omit<RoomCore, 'catalogue' | 'anonymisation' | 'exchange'>,
): AnonymisationStack {
  const { key, noticeKey, alerts } = vault;
  return new AnonymisationStack(app, ROOM_STACKS.anonymisation, {
    env,
    description: 'Barter room: from deliveries to certified releases',
    jobs,
    key,
    noticeKey,
    alerts,
    landing: lake.landing,
    lake: lake.lake,
    registry: enforcement.registry,
    bus: enforcement.bus.eventBus,
  });
}

function addExchange(
  app: App,
  env: Environment,
  plans: readonly SidePlan[],
  { vault, lake, enforcement, anonymisation }: Omit<RoomCore, 'catalogue' | 'exchange'>,
): ExchangeStack {
  const { key, noticeKey, alerts, ledger, signingKey } = vault;
  return new ExchangeStack(app, ROOM_STACKS.exchange, {
    env,
    description: 'Barter room: what brings releases out of the escrow, and grants',
    key,
    noticeKey,
    alerts,
    lake: lake.lake,
    landing: lake.landing,
    ledger,
    registry: enforcement.registry,
    bus: enforcement.bus.eventBus,
    workflow: anonymisation.workflow,
    products: listProducts(plans),
    ...(signingKey === undefined ? {} : { peers: { signingKey, accounts: listOtherAccounts(plans) } }),
  });
}

function addCatalogue(
  app: App,
  env: Environment,
  { vault, lake, exchange }: Pick<RoomCore, 'vault' | 'lake' | 'exchange'>,
): CatalogueStack {
  const { key, noticeKey, alerts } = vault;
  return new CatalogueStack(app, ROOM_STACKS.catalogue, {
    env,
    description: 'Barter room: what the data catalogues of its agreements rest on',
    key,
    noticeKey,
    lake: lake.lake,
    grantor: exchange.reconcile.role!,
    alerts,
  });
}

function addAudit(app: App, room: Room, env: Environment, core: RoomCore, intake: IntakeStack): void {
  const { vault, lake, catalogue, enforcement, anonymisation, exchange } = core;
  const { key, noticeKey, alerts, teller, ledger, ledgerKey, archive } = vault;
  const watched = [teller, enforcement, anonymisation, exchange, intake, catalogue];
  const audit = new AuditStack(app, ROOM_STACKS.audit, {
    env,
    description: 'Barter room: the trail as a table, the reports for auditors, and the room at a glance',
    key,
    noticeKey,
    ledger,
    ledgerKey,
    landing: lake.landing,
    lake: lake.lake,
    registry: enforcement.registry,
    room,
    results: lake.results,
    archive,
    accessLogs: lake.accessLogs,
    ...(intake.sftpLog === undefined ? {} : { sftpLog: intake.sftpLog }),
    alerts,
    watched: {
      buckets: { landing: lake.landing, lake: lake.lake },
      alarms: watched.flatMap(({ alarms }) => alarms),
    },
  });
  // It makes a database, which only an administrator of the data lake can.
  audit.addStackDependency(catalogue);
}

/** Ids of the products of AWS Data Exchange that legs go by. */
function listProducts(plans: readonly SidePlan[]): readonly string[] {
  const ids = plans.flatMap(({ legs }) => legs.flatMap(({ via }) => (via.kind === 'product' ? [via.productId] : [])));
  return [...new Set(ids)].sort();
}

/** Accounts of the other parties of a peer's agreements. */
function listOtherAccounts(plans: readonly SidePlan[]): readonly string[] {
  const others = plans.flatMap(({ parties, side }) =>
    parties.filter(({ id }) => side.kind === 'peer' && id !== side.party).map(({ account }) => account),
  );
  return [...new Set(others)].sort();
}

/** The stack for the account that keeps the trail, where it is not the room's own. */
function archiveElsewhere(app: App, { account, region, logArchiveAccount, retention, alarms }: Room) {
  if (logArchiveAccount === undefined || account === undefined || region === undefined) return undefined;
  return new LogArchiveStack(app, ROOM_STACKS.logArchive, {
    env: { account: logArchiveAccount, region },
    description: 'Barter room: the trail of a room in another account',
    retention,
    alarms,
    roomAccount: account,
  });
}
