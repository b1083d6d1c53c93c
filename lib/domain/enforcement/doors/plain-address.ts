import { isInRange } from '../../agreement/checks/address-range';

/** An IP address as policies compare it: one of version 4 that came by a dual-stack socket is one of version 4. Undefined for no address. */
export function plainAddress(text: string): string | undefined {
  const plain = /^::ffff:([\d.]+)$/i.exec(text)?.[1] ?? text;
  return isInRange(plain, plain.includes(':') ? '::/0' : '0.0.0.0/0') ? plain : undefined;
}
