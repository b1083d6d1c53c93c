import isEmail from 'validator/lib/isEmail';
import type { Recogniser } from '../recogniser';

export const emailAddress: Recogniser = {
  kind: 'email',
  title: 'e-mail address',
  nature: 'identifier',
  header: /\b(e ?mails?|mail|courriel|correo|posta elettronica)\b/,
  tests: [
    {
      looks: (value) => value.length >= 6 && value.includes('@'),
      isOne: (value) => isEmail(value.trim()),
      byChance: 1e-7,
      inside: /[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}/g,
    },
  ],
};
