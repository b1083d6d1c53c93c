/** Whether a time, in UTC, is of a period; its end is not. */
export function isWithin({ from, to }: { readonly from: string; readonly to: string }): (at: string) => boolean {
  const [first, end] = [Date.parse(from), Date.parse(to)];
  return (at) => {
    const time = Date.parse(at);
    return time >= first && time < end;
  };
}
