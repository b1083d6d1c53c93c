import type { Plan, PlannedDataset } from '../domain/agreement/plan';
import type { Signer } from '../domain/agreement/signature';
import { erasuresSchema, startedErasureSchema } from '../domain/enforcement/api-schemas';
import { askRoom } from './ask-room';
import { describeErasure } from './describe-erasures';
import { InvalidInput } from './exit-code';
import { signStatement } from './sign-statement';
import type { Terminal } from './terminal';

/** Has a room on AWS put an erasure on record, under the keys that it has. */
export async function eraseInRoom(
  room: string,
  plan: Plan,
  dataset: PlannedDataset,
  identifier: string,
  terminal: Terminal,
): Promise<void> {
  const { erasures, isNew } = await askRoom(
    { room, plan, party: dataset.owner },
    'request-erasure',
    { dataset: dataset.id, identifier },
    startedErasureSchema,
  );
  const id = erasures[0]?.erasure ?? '';
  terminal.out(isNew ? `${id} is on record.` : `${id} was on record already; its deadline stands.`);
  terminal.out('Deliveries that are taken in from now on are cleaned of the subject. Receivers are written to.');
  for (const each of erasures) terminal.out(describeErasure(plan, each));
}

/** Whom the party asked to erase, and whom it has to erase. */
export async function listInRoom(room: string, plan: Plan, terminal: Terminal): Promise<void> {
  const { erasures } = await askRoom({ room, plan, party: 'you' }, 'list-erasures', undefined, erasuresSchema);
  terminal.out(erasures.length === 0 ? 'Nobody is to be erased.' : 'To be erased:');
  for (const each of erasures) terminal.out(describeErasure(plan, each));
}

/** Confirms, signed, for every leg by which the party has received the subject. */
export async function confirmInRoom(
  room: string,
  plan: Plan,
  id: string,
  by: string,
  signer: Signer,
  terminal: Terminal,
): Promise<void> {
  const asked = { room, plan, party: by };
  const { erasures } = await askRoom(asked, 'list-erasures', undefined, erasuresSchema);
  const own = erasures.filter(({ erasure, party }) => erasure === id && party === by);
  if (own.length === 0) throw new InvalidInput(`The room has no ${id} that ${by} has to confirm.`);
  for (const { leg, unconfirmed } of own) {
    if (unconfirmed.length === 0) continue;
    const said = { leg, erasure: id, releases: unconfirmed };
    const signed = await signStatement(plan, by, { purpose: 'confirm-erasure', ...said }, signer);
    await askRoom(asked, 'confirm-erasure', { ...said, ...signed });
  }
  terminal.out(`${by} has erased it.`);
}
