import isIMEI from 'validator/lib/isIMEI';
import isUUID from 'validator/lib/isUUID';
import type { Recogniser } from '../recogniser';

/** Ids that go with a device, a browser or a record wherever it is seen. */
export const deviceId: Recogniser = {
  kind: 'device-id',
  title: 'device, cookie or record id',
  nature: 'identifier',
  header:
    /\b(imei|imsi|iccid|idfa|gaid|aaid|uuid|guid|cookie|device ?(id|no|number)?|session ?id|browser ?id|ad(vertising)? ?id)\b/,
  fits: (value) => /^[\w.:{}-]{8,}$/.test(value) && /\d/.test(value),
  tests: [
    { label: 'UUID', looks: (value) => value.length >= 32 && value.length <= 38, isOne: isAnyUuid, byChance: 1e-7 },
    { label: 'IMEI', looks: (value) => /^\d{15}$/.test(value), isOne: (value) => isIMEI(value), byChance: 0.1 },
    {
      label: 'analytics cookie',
      looks: (value) => /^(GA1|fb)\.\d\./.test(value),
      isOne: (value) => /^(GA1\.\d\.\d{6,}\.\d{9,10}|fb\.\d\.\d{12,14}\.\d{6,})$/.test(value),
      byChance: 1e-7,
    },
  ],
};

function isAnyUuid(value: string): boolean {
  return isUUID(value.replace(/^\{(.*)\}$/, '$1'), 'loose');
}
