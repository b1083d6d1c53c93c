import type { ColumnType } from './plan/plan';

/** How numbers stand in a file: what divides thousands (or nothing does), and what stands before the fraction. */
export const NUMBER_STYLES = {
  '1.234,56': { groups: ['.'], point: ',' },
  '1 234,56': { groups: [' ', '\u00A0', '\u202F'], point: ',' },
  "1'234.56": { groups: ["'", '\u2019'], point: '.' },
  '1,234.56': { groups: [','], point: '.' },
} as const;

/** The places of day and month, the year being last, and what stands between them. Day and month may have one digit. */
export const DATE_STYLES = {
  'DD.MM.YYYY': { between: '.', day: 1, month: 2 },
  'DD/MM/YYYY': { between: '/', day: 1, month: 2 },
  'MM/DD/YYYY': { between: '/', day: 2, month: 1 },
  'DD-MM-YYYY': { between: '-', day: 1, month: 2 },
} as const;

export type NumberStyle = keyof typeof NUMBER_STYLES;
export type DateStyle = keyof typeof DATE_STYLES;

/** What a column says of its values where files of text hold them otherwise than docs/agreement.md has it. */
export type WrittenStyle = NumberStyle | DateStyle;

export const WRITTEN_STYLES = [
  '1.234,56',
  '1 234,56',
  "1'234.56",
  '1,234.56',
  'DD.MM.YYYY',
  'DD/MM/YYYY',
  'MM/DD/YYYY',
  'DD-MM-YYYY',
] as const satisfies readonly WrittenStyle[];

export function isNumberStyle(style: WrittenStyle): style is NumberStyle {
  return style in NUMBER_STYLES;
}

/** The ways in which values of a type can be written, beside the usual one. */
export function listStyles({ kind }: ColumnType): readonly WrittenStyle[] {
  switch (kind) {
    case 'integer':
    case 'decimal':
    case 'double':
      return WRITTEN_STYLES.filter(isNumberStyle);
    case 'date':
    case 'timestamp':
      return WRITTEN_STYLES.filter((style) => !isNumberStyle(style));
    case 'string':
    case 'boolean':
      return [];
  }
}
