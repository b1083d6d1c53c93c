import type { InvalidDelivery } from '../engine/invalid-delivery';

/** A round cannot begin: every problem of every delivery is in `deliveries`, and nothing was published. */
export class InvalidDeliveries extends Error {
  override readonly name = 'InvalidDeliveries';
  constructor(readonly deliveries: readonly InvalidDelivery[]) {
    super(deliveries.map((delivery) => delivery.message).join(' '));
  }
}
