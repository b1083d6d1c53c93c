/** A row condition of the agreement (`check: "minutes >= 0"`), as data: never SQL text. Each engine's dialect renders it. */
export type Expression =
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'text'; readonly value: string }
  /** A number as it was written, so that no digit is lost. */
  | { readonly kind: 'number'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'date'; readonly value: string }
  | { readonly kind: 'timestamp'; readonly value: string }
  | { readonly kind: 'compare'; readonly op: CompareOp; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'arithmetic'; readonly op: '+' | '-' | '*'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'in'; readonly operand: Expression; readonly values: readonly Expression[] }
  | { readonly kind: 'is-missing'; readonly operand: Expression }
  /** Number of Unicode code points. */
  | { readonly kind: 'length'; readonly operand: Expression };

export type CompareOp = '=' | '<>' | '<' | '<=' | '>' | '>=';
