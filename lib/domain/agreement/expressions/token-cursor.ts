import { ExpressionProblem, type Token } from './tokenise-expression';

const MAX_DEPTH = 50;

/** Where the reading of a check is: the tokens that are left, and how deep it nests. */
export class TokenCursor {
  #next = 0;
  #depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.#next + ahead, this.tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.peek();
    this.#next += 1;
    return token;
  }

  isWord(word: string, ahead = 0): boolean {
    const { kind, value } = this.peek(ahead);
    return kind === 'word' && value.toLowerCase() === word;
  }

  isSymbol(symbol: string): boolean {
    const { kind, value } = this.peek();
    return kind === 'symbol' && value === symbol;
  }

  takeWord(word: string): boolean {
    return this.#takeIf(this.isWord(word));
  }

  takeSymbol(symbol: string): boolean {
    return this.#takeIf(this.isSymbol(symbol));
  }

  expectSymbol(symbol: string, remedy: string): void {
    if (!this.takeSymbol(symbol)) throw this.refuse(`\`${symbol}\` is missing before ${this.nameNext()}`, remedy);
  }

  /** @throws ExpressionProblem where too much is nested: reading calls itself for each level */
  nest<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH)
      throw this.refuse(`the check nests more than ${MAX_DEPTH} levels deep`, 'Split it into a list of checks.');
    const result = read();
    this.#depth -= 1;
    return result;
  }

  /** The next token, as it is named to the writer of the check. */
  nameNext(): string {
    const { kind, value } = this.peek();
    return kind === 'end' ? 'the end' : `\`${value}\``;
  }

  /** What is wrong at the next token. */
  refuse(problem: string, remedy: string): ExpressionProblem {
    return new ExpressionProblem(this.peek().offset, problem, remedy);
  }

  #takeIf(found: boolean): boolean {
    if (found) this.#next += 1;
    return found;
  }
}
