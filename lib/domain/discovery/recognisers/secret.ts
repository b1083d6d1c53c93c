import isJWT from 'validator/lib/isJWT';
import { measureEntropy } from '../measure-entropy';
import type { Recogniser } from '../recogniser';

const PREFIXED =
  /^(AKIA|ASIA)[A-Z\d]{16}$|^gh[pousr]_\w{36,}$|^xox[abprs]-[\w-]{10,}$|^sk_(live|test)_\w{16,}$|^AIza[\w-]{35}$|^-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** What opens a door: whoever has it can act as somebody. */
export const secret: Recogniser = {
  kind: 'secret',
  title: 'password, key or access token',
  nature: 'identifier',
  header:
    /\b(password|passwort|passwd|pwd|secret|api ?key|access ?(key|token)|auth(orization)? ?token|bearer|private ?key|mot de passe|contrasena)\b/,
  fits: (value) => value.length >= 4 && !/\s/.test(value),
  tests: [
    {
      label: 'JSON web token',
      looks: (value) => value.startsWith('eyJ'),
      isOne: (value) => isJWT(value),
      byChance: 1e-7,
      inside: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
    },
    {
      label: 'key of a known provider',
      looks: (value) => /^(A[KS]IA|gh[pousr]_|xox|sk_|AIza|-----BEGIN)/.test(value),
      isOne: (value) => PREFIXED.test(value),
      byChance: 1e-7,
      inside: /\b(?:AKIA|ASIA)[A-Z\d]{16}\b|\bgh[pousr]_\w{36,}/g,
    },
    {
      label: 'random characters',
      looks: (value) =>
        /^[\w+/=.~-]{20,512}$/.test(value) && /\d/.test(value) && /[A-Z]/.test(value) && /[a-z]/.test(value),
      isOne: isRandom,
      byChance: 0.05,
      leastShare: 0.5,
    },
  ],
};

/** Words with numbers repeat letters; 20 random characters of 62 hold about 4 bits each, and change class often. */
function isRandom(value: string): boolean {
  const changes = value.match(/[a-z](?=[A-Z\d])|[A-Z](?=[\d]|[A-Z][a-z])|\d(?=[A-Za-z])/g)?.length ?? 0;
  return measureEntropy(value) >= 3.5 && changes >= value.length / 5;
}
