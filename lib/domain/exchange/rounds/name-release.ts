/** One leg's release of one round, wherever a name for it is needed: no id holds a slash. */
export function nameRelease(agreement: string, leg: string, day: string): string {
  return `${agreement}/${leg}/${day}`;
}

/** One leg's entitlement, as services name it for people who look at them, and as its receiver knows it again. */
export function nameEntitlement(agreement: string, leg: string): string {
  return `${agreement}/${leg}`;
}
