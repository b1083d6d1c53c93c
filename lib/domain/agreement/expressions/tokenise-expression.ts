/** A piece of a check's text; `offset` counts characters from its start. */
export type Token = { readonly offset: number } & (
  | { readonly kind: 'word' | 'column' | 'text' | 'number' | 'symbol'; readonly value: string }
  | { readonly kind: 'end'; readonly value: '' }
);

/** A check that cannot be read. */
export class ExpressionProblem extends Error {
  override readonly name = 'ExpressionProblem';
  constructor(
    readonly offset: number,
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

const TOKEN =
  /(?<space>\s+)|(?<number>\d+(?:\.\d+)?)|(?<word>[\p{L}_][\p{L}\p{N}_]*)|'(?<text>(?:[^']|'')*)'|"(?<column>(?:[^"]|"")+)"|(?<symbol><=|>=|<>|!=|==|[=<>+\-*(),])/uy;

export function tokeniseExpression(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const offset = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) throw refuseCharacter(text, offset);
    const { number, word, text: quoted, column, symbol } = groups;
    if (number !== undefined) tokens.push({ kind: 'number', value: number, offset });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word, offset });
    else if (quoted !== undefined) tokens.push({ kind: 'text', value: quoted.replaceAll("''", "'"), offset });
    else if (column !== undefined) tokens.push({ kind: 'column', value: column.replaceAll('""', '"'), offset });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', value: symbol, offset });
    const last = tokens.at(-1);
    if (number !== undefined && /^[\p{L}\p{N}_.]/u.test(text.slice(TOKEN.lastIndex))) {
      throw new ExpressionProblem(
        offset,
        'a number runs into a name',
        'Write numbers as 12 or 0.5; put a column name that starts with a digit in double quotes.',
      );
    }
    if (last?.kind === 'number' && last.value.length > 38) {
      throw new ExpressionProblem(offset, 'a number is longer than 38 digits', 'Write a shorter number.');
    }
  }
  tokens.push({ kind: 'end', value: '', offset: text.length });
  return tokens;
}

function refuseCharacter(text: string, offset: number): ExpressionProblem {
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  switch (character) {
    case "'":
      return new ExpressionProblem(
        offset,
        'a text is not closed',
        "Close it with ', and write an apostrophe inside it as ''.",
      );
    case '"':
      return new ExpressionProblem(offset, 'a column name is not closed', 'Close it with ".');
    case '/':
    case '%':
      return new ExpressionProblem(
        offset,
        'there is no division',
        'Multiply the other side instead: `a > 2 * b` for `a / b > 2`.',
      );
    case '&':
    case '|':
      return new ExpressionProblem(offset, `\`${character}\` is not an operator here`, 'Write `and` or `or`.');
    case '!':
      return new ExpressionProblem(offset, '`!` is not an operator here', 'Write `not`, or `<>` for unequal.');
    default:
      return new ExpressionProblem(
        offset,
        `\`${character}\` is not known here`,
        "Use names, numbers, 'texts', = <> < <= > >= + - * ( ) and words such as and, or, not, in, between.",
      );
  }
}
