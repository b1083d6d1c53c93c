import type { ExitStep } from '../../domain/exchange/entitlements/plan-exit';

/** A step on the way out, and who takes it on one machine, where nothing happens by itself. */
export function describeExitStep({ do: act, on, concerns, clause }: ExitStep): string {
  return `  ${on}  ${describe(act, concerns.join(', '))}  (${clause})`;
}

function describe(act: ExitStep['do'], whom: string): string {
  switch (act) {
    case 'notice':
      return `notice by ${whom}`;
    case 'last-round':
      return `last round: ${whom}`;
    case 'revoke-all':
      return 'everything is taken back; on one machine who runs it takes back what was handed over';
    case 'delete-keys':
      return `the keys of ${whom} are scheduled for deletion; on one machine who runs it deletes the givers' key files`;
    case 'ask-destruction':
      return `${whom} are asked to destroy what they received; on one machine by who runs it`;
    case 'destruction-due':
      return `${whom} have attested it, each by barter attest`;
    case 'settle':
      return 'what is owed is settled; barter status has it';
  }
}

/** Of an agreement that is over: the files of keys that are there still, and who deletes them. */
export function describeKeysLeft(files: readonly string[]): readonly string[] {
  if (files.length === 0) return [];
  return [
    `To be deleted by who runs this machine, with each copy: ${files.join(', ')}. Until then whoever has them can link what was released; after that no extract can be traced, and nobody erased by name.`,
  ];
}
