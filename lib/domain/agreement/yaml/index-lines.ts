/** Tells line and column, both from 1, of an offset into the text; of one past its end, the end's. */
export function indexLines(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    const place = Math.min(offset, text.length);
    let [line, beyond] = [0, starts.length];
    while (beyond - line > 1) {
      const middle = (line + beyond) >> 1;
      if (starts[middle]! <= place) line = middle;
      else beyond = middle;
    }
    return { line: line + 1, column: place - starts[line]! + 1 };
  };
}
