import type { App, Environment } from 'aws-cdk-lib';
import type { SidePlan } from '../domain/agreement/plan/plan-for-side';
import type { Room } from '../domain/room/room';
import { AGREEMENT_STACK, ROOM_STACKS } from '../domain/room/room-names';
import { AgreementStack } from './agreement/agreement-stack';
import type { AnonymisationStack } from './anonymisation/anonymisation-stack';
import type { CatalogueStack } from './catalogue/catalogue-stack';
import type { EnforcementStack } from './enforcement/enforcement-stack';
import type { ExchangeStack } from './exchange/exchange-stack';
import { IntakeStack } from './intake/intake-stack';
import type { LakeStack } from './lake/lake-stack';
import type { VaultStack } from './vault/vault-stack';

/** What is there before any agreement. */
export interface RoomCore {
  readonly vault: VaultStack;
  readonly lake: LakeStack;
  readonly catalogue: CatalogueStack;
  readonly enforcement: EnforcementStack;
  readonly anonymisation: AnonymisationStack;
  readonly exchange: ExchangeStack;
}

/**
 * Adds the stack by which data come in, and one for each agreement. Returns the first.
 * @param proposed later versions of these, which wait for signatures
 */
export function addAgreements(
  app: App,
  room: Room,
  env: Environment,
  plans: readonly SidePlan[],
  proposed: readonly SidePlan[],
  core: RoomCore,
): IntakeStack {
  const { vault, lake, catalogue, enforcement, anonymisation, exchange } = core;
  const shared = {
    env,
    key: vault.key,
    noticeKey: vault.noticeKey,
    alerts: vault.alerts,
    landing: lake.landing,
    lake: lake.lake,
    ledger: vault.ledger,
    bus: enforcement.bus.eventBus,
  };
  const intake = new IntakeStack(app, ROOM_STACKS.intake, {
    ...shared,
    description: 'Barter room: how data and agreements come in',
    plans,
    sftp: room.sftp,
    registry: enforcement.registry,
    api: enforcement.api,
  });
  for (const plan of plans) {
    const { id, version } = plan.agreement;
    const next = proposed.find(({ agreement }) => agreement.id === id);
    const stack = new AgreementStack(app, `${AGREEMENT_STACK}${id}`, {
      ...shared,
      description: `Barter room: agreement ${id}, version ${version}`,
      plan,
      ...(next === undefined ? {} : { proposed: next }),
      registration: intake.registration,
      api: enforcement.api,
      keyUsers: [...anonymisation.makers, intake.eraser],
      recorder: enforcement.record.queue.queueArn,
      ...(exchange.hear === undefined ? {} : { hearsPeers: exchange.hear.functionArn }),
      keepEvents: room.retention.logs,
      ...(room.account === undefined ? {} : { roomAccount: room.account }),
      hasSftp: room.sftp.kind !== 'off',
      ...(intake.sftpServer === undefined ? {} : { sftpServer: { id: intake.sftpServer, endpoint: room.sftp } }),
      warehouses: room.warehouses,
    });
    // It makes databases, which only an administrator of the data lake can.
    stack.addStackDependency(catalogue);
  }
  return intake;
}
