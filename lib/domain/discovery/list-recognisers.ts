import type { Recogniser } from './recogniser';
import { accountNumber } from './recognisers/account-number';
import { age } from './recognisers/age';
import { bankAccount } from './recognisers/bank-account';
import { birthDate } from './recognisers/birth-date';
import { coordinates } from './recognisers/coordinates';
import { deviceId } from './recognisers/device-id';
import { emailAddress } from './recognisers/email-address';
import { income } from './recognisers/income';
import { nationalId } from './recognisers/national-id';
import { networkAddress } from './recognisers/network-address';
import { occupation } from './recognisers/occupation';
import { paymentCard } from './recognisers/payment-card';
import { personName } from './recognisers/person-name';
import { phoneNumber } from './recognisers/phone-number';
import { place } from './recognisers/place';
import { postalAddress } from './recognisers/postal-address';
import { postcode } from './recognisers/postcode';
import { secret } from './recognisers/secret';
import { sex } from './recognisers/sex';
import { specialCategory } from './recognisers/special-category';
import { vehicle } from './recognisers/vehicle';
import { wallet } from './recognisers/wallet';

/** Every kind that is looked for: those whose values prove them first, those that live by their column's name last. */
export const RECOGNISERS: readonly Recogniser[] = [
  emailAddress,
  bankAccount,
  paymentCard,
  nationalId,
  phoneNumber,
  networkAddress,
  deviceId,
  secret,
  wallet,
  vehicle,
  postalAddress,
  personName,
  accountNumber,
  birthDate,
  age,
  sex,
  postcode,
  coordinates,
  place,
  occupation,
  specialCategory,
  income,
];
