/** One leg's release of one round, wherever a name for it is needed: no id holds a slash. */
export function nameRelease(agreement: string, leg: string, day: string): string {
  return `${agreement}/${leg}/${day}`;
}
