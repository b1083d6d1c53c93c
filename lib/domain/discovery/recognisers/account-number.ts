import type { Recogniser } from '../recogniser';

/** A number that a company gives somebody: nothing in it tells, so its column's name must. */
export const accountNumber: Recogniser = {
  kind: 'account',
  title: 'customer, member, patient or user number',
  nature: 'identifier',
  header:
    /\b(customer|client|kunden?|member|mitglied(s|er)?|user|subscriber|patient(en)?|employee|personal|mitarbeiter|account|konto|policy|insured|loyalty|subject|citizen|student|matrikel|abonne|cliente|usuario|utente|paciente|benutzer) ?(id|no|nr|num|number|key|code|card|nummer|kennung|numero|ref|reference|uid|hash|login|handle|name)\b|\b(username|user ?name|login|handle|nickname|pid|uid|msid|crm ?id)\b/,
  fits: (value) => /^[\w.@#/-]{3,64}$/.test(value),
  tests: [],
};
