import isIP from 'validator/lib/isIP';
import isMACAddress from 'validator/lib/isMACAddress';
import type { Recogniser } from '../recogniser';

export const networkAddress: Recogniser = {
  kind: 'network-address',
  title: 'IP or MAC address',
  nature: 'identifier',
  header: /\b(ip|ip ?(v4|v6|addr(ess)?|adresse)|mac|mac ?addr(ess)?|mac ?adresse)\b/,
  tests: [
    {
      label: 'IPv4',
      looks: (value) => /^\d{1,3}(\.\d{1,3}){3}$/.test(value),
      // Numbers of versions look alike, and are small.
      isOne: (value) => isIP(value, 4) && value.split('.').some((part) => Number(part) > 31),
      byChance: 1e-2,
      inside: /\b\d{1,3}(?:\.\d{1,3}){3}\b/g,
    },
    {
      label: 'IPv6',
      looks: (value) =>
        value.includes(':') && /^[\da-f:.]{3,45}(%\w+)?$/i.test(value) && !/^\d{1,2}(:\d\d){1,2}$/.test(value),
      isOne: (value) => isIP(value, 6),
      byChance: 1e-4,
    },
    {
      label: 'MAC',
      looks: (value) => /^[\da-f]{2}([:-][\da-f]{2}){5,7}$/i.test(value),
      isOne: (value) => isMACAddress(value),
      byChance: 1e-4,
    },
  ],
};
