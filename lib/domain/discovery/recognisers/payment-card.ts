import isCreditCard from 'validator/lib/isCreditCard';
import type { Recogniser } from '../recogniser';

export const paymentCard: Recogniser = {
  kind: 'card',
  title: 'payment card number',
  nature: 'identifier',
  header: /\b((credit|debit|payment|bank) ?card|kreditkarte|card ?(no|num|number|nr)|pan|carte bancaire|tarjeta)\b/,
  tests: [
    {
      // Begins as the networks' numbers do; one in ten of those passes the check digit by accident.
      looks: (value) => /^[2-6](?:[ -]?\d){12,18}$/.test(value.trim()),
      isOne: (value) => isCreditCard(value.trim()),
      byChance: 0.1,
      inside: /\b[2-6](?:[ -]?\d){12,18}\b/g,
    },
  ],
};
