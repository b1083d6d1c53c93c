import type { Remark } from '../../domain/agreement/yaml/remark';

/** An agreement is right, and more than one stack or one record can hold. Whoever knows its file gives the remark a line. */
export class OversizedAgreement extends Error {
  override readonly name = 'OversizedAgreement';

  constructor(
    readonly agreement: string,
    readonly remark: Remark,
  ) {
    super(`${agreement}: ${remark.problem}. ${remark.remedy}`);
  }
}
