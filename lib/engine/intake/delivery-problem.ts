/** Why a delivered file or folder cannot be taken; see `InvalidDelivery`. */
export interface DeliveryProblem {
  readonly where: string;
  readonly problem: string;
  readonly remedy: string;
}
