import isBtcAddress from 'validator/lib/isBtcAddress';
import isEthereumAddress from 'validator/lib/isEthereumAddress';
import type { Recogniser } from '../recogniser';

export const wallet: Recogniser = {
  kind: 'wallet',
  title: 'address of a crypto wallet',
  nature: 'identifier',
  header: /\b(wallet|btc|bitcoin|ethereum|eth) ?(address|addr)?\b/,
  tests: [
    {
      label: 'Bitcoin',
      looks: (value) => /^(bc1|[13])\w{25,62}$/.test(value),
      isOne: (value) => isBtcAddress(value),
      byChance: 0.2,
    },
    {
      label: 'Ethereum',
      looks: (value) => value.startsWith('0x'),
      isOne: (value) => isEthereumAddress(value),
      byChance: 1e-3,
    },
  ],
};
