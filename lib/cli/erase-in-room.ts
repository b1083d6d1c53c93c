import type { z } from 'zod';
import type { Plan, PlannedDataset } from '../domain/agreement/plan/plan';
import type { Signer } from '../domain/agreement/signature';
import {
  type confirmRequestSchema,
  erasuresSchema,
  MOST_CONFIRMATIONS,
  startedErasureSchema,
} from '../domain/enforcement/api/api-schemas';
import { askRoom } from './ask-room';
import { describeErasure } from './describe/describe-erasures';
import { InvalidInput } from './describe/exit-code';
import type { Terminal } from './describe/terminal';
import { signStatement } from './sign-statement';

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

/** Confirms, each signed, for every leg by which the party has received the subjects. */
export async function confirmInRoom(
  room: string,
  plan: Plan,
  names: readonly string[],
  by: string,
  signer: Signer,
  terminal: Terminal,
): Promise<void> {
  const asked = { room, plan, party: by };
  const { erasures } = await askRoom(asked, 'list-erasures', undefined, erasuresSchema);
  const own = erasures.filter(({ erasure, party }) => names.includes(erasure) && party === by);
  const unknown = names.find((name) => own.every(({ erasure }) => erasure !== name));
  if (unknown !== undefined) throw new InvalidInput(`The room has no ${unknown} that ${by} has to confirm.`);
  const open = own.filter(({ unconfirmed }) => unconfirmed.length > 0);
  for (const leg of new Set(open.map((each) => each.leg))) {
    const said = open.filter((each) => each.leg === leg);
    for (let from = 0; from < said.length; from += MOST_CONFIRMATIONS) {
      const part = said.slice(from, from + MOST_CONFIRMATIONS);
      await askRoom(asked, 'confirm-erasure', await signConfirmations(plan, by, leg, part, signer));
    }
  }
  terminal.out(`${by} has erased ${names.length === 1 ? 'it' : `all ${names.length}`}.`);
}

/** As the API takes them: what is the same of all stands once. */
async function signConfirmations(
  plan: Plan,
  by: string,
  leg: string,
  said: readonly { readonly erasure: string; readonly unconfirmed: readonly string[] }[],
  signer: Signer,
): Promise<z.output<typeof confirmRequestSchema>> {
  const { version, content } = plan.agreement;
  const { algorithm, publicKey } = signer;
  const confirmations = [];
  for (const { erasure, unconfirmed: releases } of said) {
    const { signature } = await signStatement(plan, by, { purpose: 'confirm-erasure', leg, erasure, releases }, signer);
    confirmations.push({ erasure, releases: [...releases], signature });
  }
  return { version, content, algorithm, publicKey, leg, confirmations };
}
